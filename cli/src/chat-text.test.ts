import { textParts } from "@openmates-share/client";
import { readImport } from "@openmates-share/importers";
import { describe, expect, it } from "vitest";
import { contentMessage, replyMessage, roomState, textMessage } from "../tests/room-state-fixture.ts";
import { chatJson, chatMarkdown, chatReading } from "./chat-text.ts";

const state = roomState({ title: "Rye\u202e & \u001b[2Jwheat", sharedThrough: 4 });
const chat = {
  state,
  messages: [
    textMessage(1, { text: "Is rye sour?\n\n\u001b]0;x\u0007Really?", time: Date.UTC(2025, 9, 9, 8, 53) }),
    contentMessage(2, { type: "join", name: "Anna", colour: null }),
    textMessage(3, { role: "assistant", name: "ChatGPT", text: "Often.", model: "gpt-5" }),
    replyMessage(4, { ask: "a1", text: "Yes.", time: Date.UTC(2025, 9, 9, 9) }),
    contentMessage(5, { type: "unknown", named: "poll", json: {} }),
  ],
};

describe("a chat as text", () => {
  it("reads well on a terminal, and can't do anything to it", () => {
    expect(chatReading(chat)).toBe(`Rye & [2Jwheat

User · 2025-10-09 08:53
  Is rye sour?

  ]0;xReally?

ChatGPT · gpt-5
  Often.

OpenMates · demo · 2025-10-09 09:00
  Yes.

── Readers of read-only links see the chat up to here ──

*(A message of a kind that this version does not know: poll)*
`);
  });

  it("is Markdown with a heading for each message", () => {
    expect(chatMarkdown(chat)).toBe(`# Rye & [2Jwheat

## User

Is rye sour?

]0;xReally?

## ChatGPT

Often.

## OpenMates

Yes.

*(A message of a kind that this version does not know: poll)*
`);
  });

  it("says in JSON what each message is", () => {
    const { title, sealedAt, sharedThrough, messages } = chatJson(chat);
    expect({ title, sealedAt, sharedThrough }).toEqual({ title: state.title, sealedAt: 5, sharedThrough: 4 });
    expect(messages.map((message) => message.type)).toEqual(["message", "join", "message", "reply", "unknown"]);
  });

  it("has the parts of messages in JSON, files without their keys, and gets them back", () => {
    const file = { name: "rye.pdf", mediaType: "application/pdf", size: 7 };
    const code = { type: "code", text: "1", language: "python", tool: "python" };
    const embed = { id: "e1", key: new Uint8Array(32).fill(7) };
    const message = textMessage(1, { role: "assistant", parts: [code, { type: "file", ...file, embed }] });
    const json = JSON.stringify(chatJson({ ...chat, messages: [message] }));
    expect(JSON.parse(json).messages[0].parts).toEqual([code, { type: "file", ...file, embed: null }]);
    expect(readImport({ name: "", text: json }).conversations[0]?.read().messages[0]?.parts).toEqual([
      code,
      { type: "file", ...file, source: null },
    ]);
  });

  it("can be shared again, from JSON with all it said and from Markdown", () => {
    const again = readImport({ name: "chat.json", text: JSON.stringify(chatJson(chat)) });
    expect(again.format).toBe("openmates");
    expect(again.conversations[0]?.read().messages).toMatchObject([
      { role: "user", time: Date.UTC(2025, 9, 9, 8, 53) },
      { role: "assistant", name: "ChatGPT", parts: textParts("Often."), model: "gpt-5" },
      { role: "assistant", name: "OpenMates", parts: textParts("Yes.") },
    ]);
    const markdown = readImport({ name: "chat.md", text: chatMarkdown(chat) });
    expect(markdown.conversations[0]?.read().messages.map(({ role, name }) => [role, name])).toEqual([
      ["user", ""],
      ["assistant", "ChatGPT"],
      ["assistant", "OpenMates"],
    ]);
  });
});
