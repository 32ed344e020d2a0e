import { messageText } from "@openmates-share/protocol/content";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { IMPORT_LIMITS } from "./limits.ts";
import { readImport } from "./read-import.ts";
import { jsonBytes, splitText } from "./split-message.ts";

const jsonLength = (text: string) => Buffer.byteLength(JSON.stringify(text)) - 2;

describe("a text that is too large for one message", () => {
  it("is measured as JSON in UTF-8", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => jsonBytes(text) === jsonLength(text)));
  });

  it.each([-1, 0, 1])("is split only beyond the limit (%i)", (more) => {
    const text = "x".repeat(IMPORT_LIMITS.messageBytes - 300 + more);
    const whole = readImport({ name: "", text }).conversations[0]?.read().messages ?? [];
    expect(whole.map(messageText)).toEqual([text]);
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
