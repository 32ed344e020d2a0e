import { ID_LENGTH } from "@openmates-share/protocol/wire";

/** Ids of 16 bytes, in base64url, as the bytes of all of them one after the other: how many of them travel at once. */
export function packedIds(ids: readonly string[]): Buffer {
  const packed = Buffer.alloc(ids.length * ID_LENGTH);
  for (const [index, id] of ids.entries()) packed.write(id, index * ID_LENGTH, ID_LENGTH, "base64url");
  return packed;
}
