import { ImportError } from "../import-error.ts";

/** One file with conversations in it: what was chosen, or a file of an archive. */
export interface SourceDocument {
  /** Without folders. */
  readonly name: string;
  /** Bytes, unpacked; a claim of the archive's where it is in one. */
  readonly size: number;
  /** Streams it from its beginning. @throws ImportError */
  open(signal: AbortSignal | null): ReadableStream<Uint8Array>;
  /** Its bytes from `start` to before `end`. @throws ImportError when they are no longer there */
  read(start: number, end: number): Promise<Uint8Array>;
}

/** A file that can be read anywhere at once. */
export function blobDocument(name: string, blob: Blob): SourceDocument {
  return {
    name,
    size: blob.size,
    open: () => blob.stream(),
    read: async (start, end) => {
      try {
        return new Uint8Array(await blob.slice(start, end).arrayBuffer());
      } catch (cause) {
        throw changed(cause);
      }
    },
  };
}

export function changed(cause?: unknown): ImportError {
  return new ImportError(
    "changed",
    "This file was changed, moved or deleted since it was opened. Please choose it again.",
    { cause },
  );
}
