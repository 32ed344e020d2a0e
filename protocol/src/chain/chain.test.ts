import fc from "fast-check";
import { expect, it } from "vitest";
import { type Bytes, concat } from "../bytes.ts";
import { idFromBytes, type MessageId } from "../wire/ids.ts";
import { extendTranscript, type Position } from "../wire/transcript.ts";
import { headsAfter } from "./index.ts";

const bytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((b): Bytes => new Uint8Array(b));
const entry = fc.record({ id: bytes(16), kind: fc.constantFrom(0, 1, 2, 5, 255), digest: bytes(32) });

it("T1, T6: the heads over a spine are those that message after message gives", async () => {
  await fc.assert(
    fc.asyncProperty(bytes(32), fc.array(entry, { maxLength: 20 }), async (before, entries) => {
      let end: Position = { seq: 0, head: before };
      const heads: Bytes[] = [];
      for (const { id, kind, digest } of entries) {
        end = await extendTranscript(end, { id: idFromBytes<MessageId>(id), kind, digest });
        heads.push(end.head);
      }
      const packed = concat(...entries.map(({ id, kind, digest }) => concat(id, Uint8Array.of(kind), digest)));
      expect(headsAfter(before, packed)).toEqual(concat(...heads));
    }),
  );
});
