/**
 * How the image and file parts of a draft name their bytes (their `source`):
 *
 * - ChatGPT: the file's id, `file-AbC123` or `file_000000001234abcd`. In the archive it is what an entry's name begins
 *   with: `file-AbC123-holiday.png`, `dalle-generations/file-AbC123-….webp`, `file_000000001234abcd-sanitized.png`,
 *   `<conversation>/audio/file_…-….wav`, or all of it before `.dat`.
 * - Claude, LibreChat and others: the file's name or path as the record has it.
 * - What stands in the record itself: a `data:` address with its bytes in base64.
 *
 * `attachmentNames` gives the names that an entry of an archive answers to, `embeddedAttachment` the bytes of the last kind.
 */
export type AttachmentName = string;

const FILE_ID = /file[-_][A-Za-z0-9]+/;

/** Every name by which a part can mean the entry with this path, the most particular first. */
export function attachmentNames(path: string): readonly AttachmentName[] {
  const base = path.split(/[\\/]/).at(-1) ?? "";
  const id = new RegExp(`^${FILE_ID.source}`).exec(base)?.[0];
  return [path, base, base.replace(/\.[^.]*$/, ""), ...(id ? [id] : [])];
}

/** The id in one of ChatGPT's pointers: `file-service://file-AbC`, `sediment://file_00ab?shared_conversation_id=…`. */
export function fileId(pointer: string): AttachmentName | null {
  const path = pointer.slice(0, 1000).replace(/^[a-z-]{1,40}:\/\//, "");
  return FILE_ID.exec(path)?.[0] ?? null;
}

const DATA_ADDRESS = /^data:([\w.+-]{1,100}\/[\w.+-]{1,100})(?:;[\w=.+-]{1,100}){0,4},/i;

/** The media type of an address that holds its bytes itself; null for every other one. */
export function embeddedType(source: AttachmentName): string | null {
  const head = DATA_ADDRESS.exec(source.slice(0, 1000));
  return head && /;base64,$/i.test(head[0]) ? (head[1]?.toLowerCase() ?? null) : null;
}

/** The bytes that stand in the name itself; null for names of something elsewhere and for damaged ones. */
export function embeddedAttachment(source: AttachmentName): Blob | null {
  const type = embeddedType(source);
  if (type === null) return null;
  try {
    const text = atob(source.slice(source.indexOf(",") + 1));
    return new Blob([Uint8Array.from(text, (character) => character.charCodeAt(0))], { type });
  } catch {
    return null;
  }
}

/** Bytes of what an address holds itself, roughly. */
export function embeddedSize(source: AttachmentName): number {
  return Math.floor(((source.length - source.indexOf(",") - 1) * 3) / 4);
}
