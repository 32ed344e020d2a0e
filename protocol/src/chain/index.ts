import { sha256 } from "@noble/hashes/sha2.js";
import { type Bytes, concat } from "../bytes.ts";
import { KIND } from "../wire/envelope.ts";
import { SPINE_ENTRY_LENGTH } from "../wire/http.ts";
import { HEAD_LENGTH } from "../wire/transcript.ts";

const ID_LENGTH = 16;
const AMENDS = Uint8Array.of(KIND.amendment);

/**
 * The heads behind `before` over packed entries of a spine (SPEC T1, T6), 32 bytes each. At once and not by WebCrypto, whose
 * every call is a round trip to another thread: a chain of 100,000 takes it a dozen seconds and this one. Nothing secret is hashed.
 */
export function headsAfter(before: Bytes, entries: Bytes): Bytes {
  const count = entries.length / SPINE_ENTRY_LENGTH;
  const heads = new Uint8Array(count * HEAD_LENGTH);
  let head: Uint8Array = before;
  for (let i = 0; i < count; i++) {
    head = headAfter(head, entries.subarray(i * SPINE_ENTRY_LENGTH, (i + 1) * SPINE_ENTRY_LENGTH));
    heads.set(head, i * HEAD_LENGTH);
  }
  return heads;
}

/** An entry is id ‖ kind ‖ digest. */
function headAfter(before: Uint8Array, entry: Uint8Array): Uint8Array {
  const amends = entry[ID_LENGTH] === KIND.amendment ? AMENDS : new Uint8Array(0);
  return sha256(concat(before, entry.subarray(0, ID_LENGTH), entry.subarray(ID_LENGTH + 1), amends));
}
