import { type ConversationMessage, type DraftPart, messageText } from "@openmates-share/protocol/content";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { IMPORT_LIMITS } from "./limits.ts";
import { readImport } from "./read-import.ts";
import { jsonBytes, splitMessage, splitText } from "./split-message.ts";

const jsonLength = (text: string) => Buffer.byteLength(JSON.stringify(text)) - 2;

/** What a message has for the text of its only part. */
const PART_ROOM = IMPORT_LIMITS.messageBytes - 600;

function messageOf(...parts: DraftPart[]): ConversationMessage {
  return { role: "assistant", name: "", parts, time: 1, model: null };
}

describe("a message whose parts are too large for one", () => {
  const long = (text: string): DraftPart[] => [
    { type: "markdown", text },
    { type: "reasoning", text, seconds: 3 },
    { type: "code", text, language: "python", tool: "python" },
    { type: "output", text, tool: null, failed: true },
    { type: "document", title: "Plan", text, language: null },
    { type: "document", title: "App", text, language: "jsx" },
    { type: "other", named: "smell", text },
  ];

  it("becomes several, each within the limit and with the parts in their order", () => {
    const messages = splitMessage(messageOf(...long("a line of words\n".repeat(30_000))));
    expect(messages.length).toBeGreaterThan(3);
    for (const { parts } of messages) {
      expect(Buffer.byteLength(JSON.stringify(parts))).toBeLessThanOrEqual(IMPORT_LIMITS.messageBytes);
    }
    expect(messages.flatMap(({ parts }) => parts.map(({ type }) => type))).toEqual(long("").map(({ type }) => type));
  });

  it("has parts that alone are too large cut, and stay what they are", () => {
    for (const part of long("ä line of words\n".repeat(80_000))) {
      const messages = splitMessage(messageOf(part));
      expect(messages).toHaveLength(2);
      for (const { parts } of messages) {
        expect(parts).toMatchObject([{ ...part, text: expect.any(String) }]);
        expect(Buffer.byteLength(JSON.stringify(parts))).toBeLessThanOrEqual(IMPORT_LIMITS.messageBytes);
      }
    }
  });

  it("has no more parts than a message may have", () => {
    const parts: DraftPart[] = Array.from({ length: 1001 }, () => ({ type: "markdown", text: "a" }));
    expect(splitMessage(messageOf(...parts)).map((message) => message.parts.length)).toEqual([500, 500, 1]);
  });

  it("has a list of sources that is too long in several parts", () => {
    const sources = Array.from({ length: 500 }, (_, index) => ({
      title: "\u0001".repeat(300),
      url: `https://a.example/${index}/${"\u00e4".repeat(8000)}`,
    }));
    const messages = splitMessage(messageOf({ type: "sources", sources }));
    expect(
      messages.flatMap(({ parts }) => parts).flatMap((part) => (part.type === "sources" ? part.sources : [])),
    ).toEqual(sources);
    for (const { parts } of messages) {
      expect(Buffer.byteLength(JSON.stringify(parts))).toBeLessThanOrEqual(IMPORT_LIMITS.messageBytes);
    }
  });
});

describe("a text that is too large for one message", () => {
  it("is measured as JSON in UTF-8", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => jsonBytes(text) === jsonLength(text)));
  });

  it.each([
    [PART_ROOM - 1, 1],
    [PART_ROOM, 1],
    [PART_ROOM + 1, 2],
  ])("is split only beyond the limit: %i characters are %i messages", (length, count) => {
    const whole = splitMessage(messageOf({ type: "output", text: "x".repeat(length), tool: null, failed: false }));
    expect(whole).toHaveLength(count);
    expect(whole.flatMap(({ parts }) => parts.map((part) => ("text" in part ? part.text : ""))).join("")).toBe(
      "x".repeat(length),
    );
  });

  it("becomes messages that follow each other, each within the limit, and nothing is lost", () => {
    const text = `${"a line of words\n".repeat(150_000)}end`;
    const messages = readImport({ name: "", text }).conversations[0]?.read().messages ?? [];
    expect(messages).toHaveLength(3);
    expect(messages.map(messageText).join("\n")).toBe(text);
    for (const message of messages)
      expect(jsonLength(messageText(message))).toBeLessThanOrEqual(IMPORT_LIMITS.messageBytes);
  });

  it("has its code blocks closed before a cut and opened again behind it", () => {
    const parts = splitText(`Look:\n\`\`\`\`js\n${"let a = 1;\n".repeat(60)}\`\`\`\`\nDone.`, 500);
    expect(parts.length).toBeGreaterThan(1);
    for (const part of parts.slice(0, -1)) expect(part).toMatch(/\n````$/);
    for (const part of parts.slice(1)) expect(part).toMatch(/^````js\n/);
  });

  it("keeps every character whatever the text", () => {
    const texts = fc.array(
      fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom("```\n", "~~~~", "\n\n", "x".repeat(400))),
    );
    fc.assert(
      fc.property(texts, (pieces) => {
        const text = pieces.join("");
        const parts = splitText(text, 700);
        for (const part of parts) expect(jsonLength(part)).toBeLessThanOrEqual(700);
        const letters = (some: string) => some.replace(/[`~\s]/g, "");
        // A fence that is opened again repeats its line, so the parts may say more than the text, never less.
        expect(letters(parts.join("")).length).toBeGreaterThanOrEqual(letters(text).length);
      }),
    );
  });
});
