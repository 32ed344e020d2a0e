import { type Bytes, concat, readU32be, u32be } from "./bytes.ts";
import { ProtocolError } from "./errors.ts";

const LENGTH_FIELD = 4;

/**
 * Short messages ("yes", "no") are all of one size; below this Padmé would still tell them apart. Pieces of an answer
 * are of one size up to 60 bytes, which hides the lengths of single tokens: from those alone most of an answer can be
 * guessed (Weiss et al., "What Was Your Prompt? A Remote Keylogging Attack on AI Assistants", 2024). Embeds are files: below
 * 1 KiB they are notes and snippets, whose lengths say more than they cost. Keyrings of a few chats are of one size.
 */
export const SMALLEST = { message: 256, delta: 64, embed: 1024, keyring: 4096 } as const;

/** What surrounds the padded body, and the least size of the whole. */
export interface Frame {
  readonly overhead: number;
  readonly smallest: number;
}

/**
 * Padmé (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", 2019, section 4):
 * a length keeps only as many significant bits as its exponent needs, so it leaks O(log log n) bits and grows by at most 12 %.
 */
export function padme(length: number, smallest: number): number {
  if (length <= smallest) return smallest;
  // Not Math.log2: it may round up just below a power of two. Lengths have 32 bits, as their field.
  const exponent = 31 - Math.clz32(length);
  const significant = 32 - Math.clz32(exponent);
  const unit = 2 ** (exponent - significant);
  return Math.ceil(length / unit) * unit;
}

/** `u32be(length) ‖ body ‖ zeros`, so that it has a Padmé length together with what surrounds it. */
export function pad(body: Bytes, { overhead, smallest }: Frame): Bytes {
  const used = overhead + LENGTH_FIELD + body.length;
  return concat(u32be(body.length), body, new Uint8Array(padme(used, smallest) - used));
}

/** @throws ProtocolError `bad_padding` unless the bytes are exactly what `pad` writes. */
export function unpad(padded: Bytes, { overhead, smallest }: Frame): Bytes {
  if (padded.length < LENGTH_FIELD) throw badPadding();
  const length = readU32be(padded, 0);
  const used = overhead + LENGTH_FIELD + length;
  if (LENGTH_FIELD + length > padded.length) throw badPadding();
  if (padme(used, smallest) !== overhead + padded.length) throw badPadding();
  if (padded.subarray(LENGTH_FIELD + length).some((byte) => byte !== 0)) throw badPadding();
  return padded.slice(LENGTH_FIELD, LENGTH_FIELD + length);
}

function badPadding(): ProtocolError {
  return new ProtocolError("bad_padding", "The padding of this message is not what the protocol writes.");
}
