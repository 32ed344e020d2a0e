import { decode, encode } from "@msgpack/msgpack";

/** MessagePack with bytes as bytes. */
export function pack(value: unknown): Uint8Array<ArrayBuffer> {
  return encode(value).slice();
}

/** @throws on anything that is not one MessagePack value. */
export function unpack(bytes: Uint8Array): unknown {
  return decode(bytes);
}
