import { type Bytes, concat, readU32be, u32be } from "./bytes.ts";
import { ProtocolError } from "./errors.ts";

const LENGTH_FIELD = 4;

/** Short messages ("yes", "no") are all of one size; below this Padmé would still tell them apart. */
const SMALLEST = 256;

/**
 * Padmé (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", 2019, section 4):
 * a length keeps only as many significant bits as its exponent needs, so it leaks O(log log n) bits and grows by at most 12 %.
 */
export function padme(length: number): number {
  if (length <= SMALLEST) return SMALLEST;
  const exponent = Math.floor(Math.log2(length));
  const significant = Math.floor(Math.log2(exponent)) + 1;
  const unit = 2 ** (exponent - significant);
  return Math.ceil(length / unit) * unit;
}

/** `u32be(length) ‖ body ‖ zeros`; `overhead` is what surrounds it, so that the sum has a Padmé length. */
export function pad(body: Bytes, overhead: number): Bytes {
  const used = overhead + LENGTH_FIELD + body.length;
  return concat(u32be(body.length), body, new Uint8Array(padme(used) - used));
}

/** @throws ProtocolError `bad_padding` unless the bytes are exactly what `pad` writes. */
export function unpad(padded: Bytes, overhead: number): Bytes {
  const length = padded.length < LENGTH_FIELD ? Number.POSITIVE_INFINITY : readU32be(padded, 0);
  const used = overhead + LENGTH_FIELD + length;
  if (length > padded.length || padme(used) !== overhead + padded.length) throw badPadding();
  if (padded.subarray(LENGTH_FIELD + length).some((byte) => byte !== 0)) throw badPadding();
  return padded.slice(LENGTH_FIELD, LENGTH_FIELD + length);
}

function badPadding(): ProtocolError {
  return new ProtocolError("bad_padding", "The padding of this message is not what the protocol writes.");
}
