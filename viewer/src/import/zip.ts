/** A file inside a ZIP archive, not unpacked yet. */
export interface ZipEntry {
  readonly name: string;
  /** Bytes when unpacked. */
  readonly size: number;
  /** Rejects when the archive is damaged or packed in a way that browsers can't unpack. */
  read(): Promise<ReadableStream<Uint8Array>>;
}

/** Archives that are cut off, encrypted, or of the kind for files beyond 4 GB. */
export class UnreadableZip extends Error {
  override readonly name = "UnreadableZip";
}

// APPNOTE.TXT 6.3.10: 4.3.16 (end of central directory), 4.3.12 (its entries), 4.3.7 (local headers).
const END = { signature: 0x06054b50, length: 22, longestComment: 0xffff };
const ENTRY = { signature: 0x02014b50, length: 46 };
const LOCAL = { length: 30 };
const ENCRYPTED = 1;
const STORED = 0;
const DEFLATED = 8;

export async function isZip(file: Blob): Promise<boolean> {
  const head = new DataView(await file.slice(0, 4).arrayBuffer());
  return head.byteLength === 4 && head.getUint32(0, true) === 0x04034b50;
}

/** Reads the directory at the archive's end; the files stay packed until they are read. @throws UnreadableZip */
export async function listZip(file: Blob): Promise<ZipEntry[]> {
  const tail = await viewOf(file.slice(-(END.length + END.longestComment)));
  const end = findEnd(tail);
  if (end === null) throw new UnreadableZip("This ZIP file is damaged or cut off. Please download it again.");
  const count = tail.getUint16(end + 10, true);
  const size = tail.getUint32(end + 12, true);
  const start = tail.getUint32(end + 16, true);
  if (start === 0xffffffff)
    throw new UnreadableZip("This ZIP file is too large. Please unpack it and drop the file in it.");
  const directory = await viewOf(file.slice(start, start + size));
  const entries: ZipEntry[] = [];
  for (let at = 0; entries.length < count; ) {
    if (at + ENTRY.length > directory.byteLength || directory.getUint32(at, true) !== ENTRY.signature) {
      throw new UnreadableZip("This ZIP file is damaged. Please download it again.");
    }
    const entry = readEntry(file, directory, at);
    entries.push(entry);
    at = entry.next;
  }
  return entries;
}

function findEnd(tail: DataView): number | null {
  for (let at = tail.byteLength - END.length; at >= 0; at--) {
    if (tail.getUint32(at, true) === END.signature) return at;
  }
  return null;
}

function readEntry(file: Blob, directory: DataView, at: number): ZipEntry & { next: number } {
  const flags = directory.getUint16(at + 8, true);
  const method = directory.getUint16(at + 10, true);
  const packed = directory.getUint32(at + 20, true);
  const size = directory.getUint32(at + 24, true);
  const nameLength = directory.getUint16(at + 28, true);
  const next = at + ENTRY.length + nameLength + directory.getUint16(at + 30, true) + directory.getUint16(at + 32, true);
  const local = directory.getUint32(at + 42, true);
  const available = Math.max(0, Math.min(nameLength, directory.byteLength - at - ENTRY.length));
  const name = new TextDecoder().decode(
    new Uint8Array(directory.buffer, directory.byteOffset + at + ENTRY.length, available),
  );
  return {
    name,
    size,
    next,
    read: async () => {
      if (flags & ENCRYPTED) throw new UnreadableZip("This ZIP file has a password. Please unpack it first.");
      const header = await viewOf(file.slice(local, local + LOCAL.length));
      if (header.byteLength < LOCAL.length)
        throw new UnreadableZip("This ZIP file is cut off. Please download it again.");
      const begin = local + LOCAL.length + header.getUint16(26, true) + header.getUint16(28, true);
      const bytes = file.slice(begin, begin + packed).stream();
      if (method === STORED) return bytes;
      if (method !== DEFLATED)
        throw new UnreadableZip("This ZIP file is packed in an unusual way. Please unpack it first.");
      return bytes.pipeThrough(new DecompressionStream("deflate-raw"));
    },
  };
}

async function viewOf(part: Blob): Promise<DataView> {
  return new DataView(await part.arrayBuffer());
}
