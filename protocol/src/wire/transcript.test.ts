import fc from "fast-check";
import { expect, it } from "vitest";
import { toBase64url } from "../bytes.ts";
import { type ChatId, idFromBytes, type MessageId } from "./ids.ts";
import { appendToTranscript, emptyTranscript } from "./transcript.ts";

interface Entry {
  readonly id: MessageId;
  readonly envelope: Uint8Array;
}

const id = fc.uint8Array({ minLength: 16, maxLength: 16 });
const entry: fc.Arbitrary<Entry> = fc.record({
  id: id.map((bytes) => idFromBytes<MessageId>(bytes)),
  envelope: fc.uint8Array({ maxLength: 40 }),
});
const chat = id.map((bytes) => idFromBytes<ChatId>(bytes));

async function headOf(chat: ChatId, entries: readonly Entry[]): Promise<string> {
  let end = await emptyTranscript(chat);
  for (const entry of entries) end = await appendToTranscript(end, entry);
  expect(end.seq).toBe(entries.length);
  return toBase64url(end.head);
}

const history = fc.uniqueArray(entry, { minLength: 2, maxLength: 8, selector: ({ id }) => id });

it("T1: a history with one message dropped, doubled, altered, swapped or moved ends in another head", async () => {
  await fc.assert(
    fc.asyncProperty(chat, history, fc.nat(), fc.nat(), async (chat, entries, a, b) => {
      const at = a % entries.length;
      const to = (at + 1 + (b % (entries.length - 1))) % entries.length;
      const head = await headOf(chat, entries);
      const swapped = entries.map((entry, i) => (i === at ? entries[to] : i === to ? entries[at] : entry) as Entry);
      const moved = entries.toSpliced(at, 1).toSpliced(to, 0, entries[at] as Entry);
      const renamed = entries.map((entry, i) =>
        i === at ? { ...entry, id: idFromBytes<MessageId>(new Uint8Array(16).fill(b)) } : entry,
      );
      const rewritten = entries.map((entry, i) =>
        i === at ? { ...entry, envelope: Uint8Array.of(...entry.envelope, 0) } : entry,
      );
      const histories = [
        entries.toSpliced(at, 1),
        entries.toSpliced(at, 0, entries[at] as Entry),
        swapped,
        moved,
        rewritten,
      ];
      for (const other of histories) expect(await headOf(chat, other)).not.toBe(head);
      if (renamed[at]?.id !== entries[at]?.id) expect(await headOf(chat, renamed)).not.toBe(head);
    }),
    { numRuns: 50 },
  );
});

it("T1: the same messages in another chat end in another head", async () => {
  await fc.assert(
    fc.asyncProperty(chat, chat, history, async (one, other, entries) => {
      fc.pre(one !== other);
      expect(await headOf(one, entries)).not.toBe(await headOf(other, entries));
    }),
    { numRuns: 30 },
  );
});
