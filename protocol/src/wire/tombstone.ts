import { type Bytes, concat } from "../bytes.ts";
import { KIND } from "./envelope.ts";
import type { SpineEntry } from "./transcript.ts";

/** No envelope begins like that: there is no version 0. */
const ERASED = 0;
const DIGEST_LENGTH = 32;
export const TOMBSTONE_LENGTH = 2 + DIGEST_LENGTH;

/** What stands in the place of an envelope that was erased (SPEC T9): `0 ‖ kind ‖ digest`. */
export function tombstoneOf({ kind, digest }: Omit<SpineEntry, "id">): Bytes {
  return concat(Uint8Array.of(ERASED, kind), digest);
}

/** Null for everything else; what it says of the digest is checked with the heads, like a message. */
export function parseTombstone(stored: Uint8Array): Omit<SpineEntry, "id"> | null {
  const [version, kind] = stored;
  if (stored.length !== TOMBSTONE_LENGTH || version !== ERASED) return null;
  if (kind !== KIND.content && kind !== KIND.reply) return null;
  return { kind, digest: new Uint8Array(stored.slice(2)) };
}
