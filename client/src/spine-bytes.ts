import {
  type Bytes,
  ID_LENGTH,
  idBytes,
  idFromBytes,
  type MessageId,
  SPINE_ENTRY_LENGTH,
  type SpineEntry,
} from "@openmates-share/protocol/wire";

/** Cuts packed entries of a spine: message id, kind, digest. */
export function unpackEntries(packed: Bytes): SpineEntry[] {
  return Array.from({ length: packed.length / SPINE_ENTRY_LENGTH }, (_, i) => {
    const entry = packed.subarray(i * SPINE_ENTRY_LENGTH, (i + 1) * SPINE_ENTRY_LENGTH);
    return {
      id: idFromBytes<MessageId>(entry.subarray(0, ID_LENGTH)),
      kind: entry[ID_LENGTH] ?? 0,
      digest: entry.slice(ID_LENGTH + 1),
    };
  });
}

export function packEntries(entries: readonly SpineEntry[]): Bytes {
  const packed = new Uint8Array(entries.length * SPINE_ENTRY_LENGTH);
  for (const [i, { id, kind, digest }] of entries.entries()) {
    packed.set(idBytes(id), i * SPINE_ENTRY_LENGTH);
    packed[i * SPINE_ENTRY_LENGTH + ID_LENGTH] = kind;
    packed.set(digest, i * SPINE_ENTRY_LENGTH + ID_LENGTH + 1);
  }
  return packed;
}
