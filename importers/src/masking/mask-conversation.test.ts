import type { Conversation, DraftPart } from "@openmates-share/protocol/content";
import { expect, it } from "vitest";
import { maskConversation, secretsOf } from "./mask-conversation.ts";

const MAIL = "anna@example.org";
const PHONE = "+49 30 901820";
const PARTS: readonly DraftPart[] = [
  { type: "markdown", text: `Write to ${MAIL}\nor call ${PHONE}.` },
  { type: "code", text: `to = "${MAIL}"`, language: "python", tool: null },
  { type: "output", text: `sent to ${MAIL}`, tool: null, failed: false },
  { type: "document", title: `Letter to ${MAIL}`, text: `Dear ${MAIL}`, language: null },
  { type: "reasoning", text: `The address is ${MAIL}`, seconds: null },
  { type: "sources", sources: [{ title: MAIL, url: `mailto:${MAIL}` }] },
  {
    type: "image",
    name: "card.png",
    mediaType: "image/png",
    size: 1,
    alt: `A card with ${MAIL}`,
    width: null,
    height: null,
    source: "card.png",
  },
  { type: "other", named: "contact", text: MAIL },
];
const CONVERSATION: Conversation = {
  title: `For ${MAIL}`,
  messages: [
    { role: "user", name: "", parts: PARTS, time: null, model: null },
    { role: "assistant", name: "", parts: [{ type: "markdown", text: `Done, ${MAIL}.` }], time: 1, model: "m" },
  ],
};

it("finds each value once, with where it stands", () => {
  const [mail, phone, ...rest] = secretsOf(CONVERSATION);
  expect(rest).toEqual([]);
  expect(mail).toMatchObject({ kind: "email", value: MAIL, count: 12 });
  expect(mail?.places).toEqual([
    { message: -1, before: "For ", after: "" },
    { message: 0, before: "Write to ", after: "" },
    { message: 0, before: 'to = "', after: '"' },
  ]);
  expect(phone).toMatchObject({ kind: "phone", value: PHONE, count: 1 });
});

it("masks what is chosen wherever it stands, and leaves the rest and the original as they are", () => {
  const before = JSON.stringify(CONVERSATION);
  const masked = maskConversation(CONVERSATION, new Set([MAIL]));
  expect(JSON.stringify(masked)).not.toContain(MAIL);
  expect(JSON.stringify(masked)).toContain(PHONE);
  expect(secretsOf(masked).map(({ value }) => value)).toEqual([PHONE]);
  expect(JSON.stringify(CONVERSATION)).toBe(before);
  expect(maskConversation(CONVERSATION, new Set())).toBe(CONVERSATION);
});
