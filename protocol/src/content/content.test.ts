import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { utf8 } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import { type AskId, type EmbedId, idFromBytes, type MessageId, type SenderId } from "../wire/ids.ts";
import { LIMITS } from "../wire/limits.ts";
import { type Content, encodeContent, parseContent, ROLES } from "./content.ts";
import type { Part } from "./parts.ts";
import { encodeReplyContent, parseReplyContent, type ReplyContent } from "./reply-content.ts";

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map((b) => new Uint8Array(b));
const after = fc.record({ seq: fc.nat(LIMITS.seq), head: bytes(32) });
const time = fc.option(fc.integer({ min: 0, max: LIMITS.time }));
const messageId = bytes(16).map((b) => idFromBytes<MessageId>(b));
/** Any JavaScript string, lone surrogates among them. */
const anyText = (maxLength: number) =>
  fc.string({ unit: "binary", maxLength }).filter((text) => text.length <= maxLength);

const embed = fc.option(fc.record({ id: bytes(16).map((b) => idFromBytes<EmbedId>(b)), key: bytes(32) }));
const size = fc.option(fc.nat());
const part: fc.Arbitrary<Part> = fc.oneof(
  fc.record({ type: fc.constant("markdown" as const), text: anyText(300) }),
  fc.record({
    type: fc.constant("code" as const),
    text: anyText(300),
    language: fc.option(anyText(60)),
    tool: fc.option(anyText(200)),
  }),
  fc.record({
    type: fc.constant("output" as const),
    text: anyText(300),
    tool: fc.option(anyText(200)),
    failed: fc.boolean(),
  }),
  fc.record({
    type: fc.constant("document" as const),
    title: anyText(300),
    text: anyText(300),
    language: fc.option(anyText(60)),
  }),
  fc.record({ type: fc.constant("reasoning" as const), text: anyText(300), seconds: fc.option(fc.nat()) }),
  fc.record({
    type: fc.constant("sources" as const),
    sources: fc.array(fc.record({ title: anyText(300), url: anyText(300) })),
  }),
  fc.record({
    type: fc.constant("image" as const),
    name: anyText(255),
    mediaType: anyText(255),
    size,
    embed,
    alt: anyText(300),
    width: size,
    height: size,
  }),
  fc.record({ type: fc.constant("file" as const), name: anyText(255), mediaType: anyText(255), size, embed }),
  fc.record({ type: fc.constant("other" as const), named: anyText(300), text: anyText(300) }),
  fc.record({
    type: fc.constant("unknown" as const),
    named: fc.constantFrom("hologram", "", "toString", "__proto__"),
    json: fc.dictionary(fc.constantFrom("a", "text"), fc.constantFrom(1, null, "x", [1], { deep: true })),
  }),
);

const given = fc
  .record({ count: fc.nat(), more: fc.nat(), hash: bytes(32) })
  .map(({ count, more, hash }) => ({ count, offered: count + more, hash }));

const content: fc.Arbitrary<Content> = fc.oneof(
  fc.record({
    type: fc.constant("message" as const),
    role: fc.constantFrom(...ROLES),
    name: anyText(60),
    parts: fc.array(part, { minLength: 1, maxLength: 5 }),
    replyTo: fc.option(messageId),
    model: fc.option(anyText(200)),
    withheld: fc.boolean(),
    time,
    after,
  }),
  fc.record({
    type: fc.constant("message" as const),
    role: fc.constant("assistant" as const),
    name: anyText(60),
    parts: fc.array(part, { minLength: 1, maxLength: 2 }),
    replyTo: messageId,
    model: anyText(200),
    withheld: fc.boolean(),
    answer: fc.record({ ended: fc.constantFrom("complete", "stopped", "length"), given }),
    time,
    after,
  }),
  fc.record({
    type: fc.constant("message" as const),
    role: fc.constant("user" as const),
    name: anyText(60),
    parts: fc.array(part, { minLength: 1, maxLength: 2 }),
    replyTo: fc.option(messageId),
    model: fc.constant(null),
    withheld: fc.constant(false),
    asks: fc.record({
      of: messageId.map((id) => id as string as SenderId),
      ask: messageId.map((id) => id as string as AskId),
      along: fc.array(messageId, { maxLength: 4 }),
    }),
    time,
    after,
  }),
  fc.record({
    type: fc.constant("join" as const),
    name: anyText(60)
      .map((name) => name.trim())
      .filter((name) => name !== ""),
    colour: fc.option(fc.nat(11)),
    time,
    after,
  }),
  fc.record({
    type: fc.constant("edit" as const),
    target: messageId,
    parts: fc.array(part, { minLength: 1, maxLength: 5 }),
    time,
    after,
  }),
  fc.record({ type: fc.constant("redaction" as const), target: messageId, time, after }),
  fc.record({
    type: fc.constant("reaction" as const),
    target: messageId,
    emoji: fc.constantFrom("\u{1f44d}", "\u{1f44d}\u{1f3fd}", "1\u{fe0f}\u{20e3}"),
    on: fc.boolean(),
    time,
    after,
  }),
  fc.record({
    type: fc.constant("withholding" as const),
    target: messageId,
    withheld: fc.boolean(),
    time,
    after,
  }),
  fc.record({
    type: fc.constant("offering" as const),
    model: fc.option(anyText(200).filter((model) => model !== "")),
    time,
    after,
  }),
  fc.record({
    type: fc.constant("unknown" as const),
    named: fc.constantFrom("edited", "poll", ""),
    json: fc.dictionary(fc.constantFrom("a", "b", "text"), fc.constantFrom(1, null, "x", [1], { deep: true })),
    time,
    after,
  }),
);

const reply: fc.Arbitrary<ReplyContent> = fc.record({
  type: fc.constant("reply" as const),
  text: anyText(300),
  replyTo: messageId,
  model: anyText(200),
  demo: fc.boolean(),
  ended: fc.constantFrom("complete", "stopped", "length"),
  given,
  time: fc.integer({ min: 0, max: LIMITS.time }),
});

describe("content", () => {
  it("C1–C17, C20: what is written is read, whatever the characters", () => {
    fc.assert(
      fc.property(content, (content) => {
        expect(parseContent(encodeContent(content))).toEqual(content);
      }),
    );
  });

  it("A5: an answer comes back", () => {
    fc.assert(
      fc.property(reply, (reply) => {
        expect(parseReplyContent(encodeReplyContent(reply))).toEqual(reply);
      }),
    );
  });

  it("X2: any bytes are content, an answer, or refused with `malformed`", () => {
    const json = fc.jsonValue().map((value) => utf8(JSON.stringify(value)));
    const nearly = fc
      .dictionary(
        fc.constantFrom(
          "type",
          "role",
          "name",
          "text",
          "parts",
          "replyTo",
          "model",
          "time",
          "after",
          "given",
          "demo",
          "ended",
          "target",
          "emoji",
          "on",
          "colour",
          "withheld",
        ),
        fc.jsonValue(),
      )
      .chain((value) =>
        fc
          .constantFrom("message", "join", "reply", "edit", "reaction")
          .map((type) => utf8(JSON.stringify({ ...value, type }))),
      );
    fc.assert(
      fc.property(
        fc.oneof(fc.uint8Array(), json, nearly),
        fc.constantFrom(parseContent, parseReplyContent),
        (bytes, parse) => {
          try {
            parse(bytes);
          } catch (error) {
            expect(error).toMatchObject({ code: "malformed" });
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("G4: no refusal quotes what was written", () => {
    const secret = "the secret of the chat";
    for (const text of [secret, `{"type":"${secret}"}`, `{"${secret}"`, `"${secret}"`]) {
      try {
        parseContent(utf8(text));
        expect.unreachable();
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError);
        const { message, cause } = error as ProtocolError;
        expect(`${message} ${cause}`).not.toContain("secret");
      }
    }
  });

  it("C1: JSON nested too deep for a stack is read or refused, not thrown over", () => {
    const deep = `{"type":"poll","time":null,"after":{"seq":0,"head":"${"A".repeat(43)}"},"x":${"[".repeat(500_000)}${"]".repeat(500_000)}}`;
    try {
      parseContent(utf8(deep));
    } catch (error) {
      expect(error).toMatchObject({ code: "malformed" });
    }
  });

  it("C1: a field named __proto__ reaches no prototype", () => {
    const json = `{"type":"poll","time":null,"after":{"seq":0,"head":"${"A".repeat(43)}"},"__proto__":{"admin":true}}`;
    const content = parseContent(utf8(json));
    expect(content.type === "unknown" && "admin" in content.json).toBe(false);
    expect("admin" in {}).toBe(false);
  });
});
