import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ImportError } from "../src/import-error.ts";
import { openImport } from "../src/source/open-import.ts";
import { assistant, conversationOf, user } from "./chatgpt-fixture.ts";
import { zipOf } from "./zip-fixture.ts";

const LIST = JSON.stringify([
  conversationOf([user("Frage über Brot 🍞"), assistant('An "answer" with a \\ in it')], "a"),
  conversationOf([user("b")], "b"),
]);
const LINES = '{"conversations":[{"from":"human","value":"a"}]}\n{"messages":[{"role":"user","content":"b"}]}\n';

const bytesOf = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer());

/** What every file comes down to: conversations that can be read, or a sentence. */
async function checkOutcome(bytes: Uint8Array, name: string): Promise<void> {
  try {
    const file = await openImport({ name, blob: new Blob([bytes as Uint8Array<ArrayBuffer>]) });
    expect(file.conversations.length).toBeGreaterThan(0);
    for (const entry of file.conversations) {
      const { title, messages } = await entry.read();
      expect(title).toBe(entry.title);
      expect(messages).toHaveLength(entry.messageCount);
    }
    file.stop();
  } catch (error) {
    if (!(error instanceof ImportError)) throw error;
    expect(error.message).toMatch(/^[\p{Lu}\d].*[.?]$/su);
  }
}

const FILES = [
  { name: "conversations.json", make: async () => new TextEncoder().encode(LIST) },
  { name: "data.jsonl", make: async () => new TextEncoder().encode(LINES) },
  { name: "export.zip", make: async () => bytesOf(await zipOf([{ name: "a/conversations.json", content: LIST }])) },
  {
    name: "stored.zip",
    make: async () => bytesOf(await zipOf([{ name: "conversations.json", content: LIST, options: { level: 0 } }])),
  },
  {
    name: "large.zip",
    make: async () => bytesOf(await zipOf([{ name: "conversations.json", content: LIST, options: { zip64: true } }])),
  },
] as const;

describe.each(FILES)(
  "any damage to $name gives conversations or a sentence",
  { timeout: 120_000 },
  ({ name, make }) => {
    it("when it is cut off anywhere", async () => {
      const bytes = await make();
      for (let size = 0; size < bytes.length; size++) await checkOutcome(bytes.subarray(0, size), name);
    });

    it("when a byte of it is another", async () => {
      const bytes = await make();
      const damage = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
      await fc.assert(
        fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 3 }), async (changes) => {
          const other = bytes.slice();
          for (const [at, byte] of changes) other[at] = byte;
          await checkOutcome(other, name);
        }),
        { numRuns: 1500 },
      );
    });

    it("when a piece of it is missing, doubled or strange", async () => {
      const bytes = await make();
      const damage = fc.tuple(fc.nat(bytes.length), fc.nat(40), fc.uint8Array({ maxLength: 40 }));
      await fc.assert(
        fc.asyncProperty(damage, async ([at, removed, added]) => {
          const other = new Uint8Array([...bytes.subarray(0, at), ...added, ...bytes.subarray(at + removed)]);
          await checkOutcome(other, name);
        }),
        { numRuns: 500 },
      );
    });
  },
);
