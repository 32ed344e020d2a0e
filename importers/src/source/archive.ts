import {
  BlobReader,
  configure,
  ERR_ENCRYPTED,
  ERR_INVALID_PASSWORD,
  ERR_SPLIT_ZIP_FILE,
  ERR_UNSUPPORTED_COMPRESSION,
  ERR_UNSUPPORTED_ENCRYPTION,
  type FileEntry,
  ZipReader,
} from "@zip.js/zip.js/lib/zip-core-native.js";
import { attachmentNames } from "../attachment-name.ts";
import { ImportError } from "../import-error.ts";
import type { SourceDocument } from "./document.ts";
import { ForwardReader } from "./forward-reader.ts";
import { guardedBySize } from "./size-guard.ts";
import { SOURCE_LIMITS } from "./source-limits.ts";

// The pipeline runs in a worker already, and in Node; the platform unpacks either way.
configure({ useWebWorkers: false });

/** In an export's archive, at any depth; long histories come in numbered parts. */
const CONVERSATIONS = /^conversations(?:-\d+)?\.json$/i;
/** What else can hold conversations, in archives of other products. */
const READABLE = /\.(?:json|jsonl|ndjson|md|markdown|txt|html?)$/i;
/** What macOS puts beside each file. */
const SHADOW = /(?:^|\/)(?:__MACOSX\/|\._)/;

export async function isArchive(blob: Blob): Promise<boolean> {
  const head = new Uint8Array(await blob.slice(0, 4).arrayBuffer());
  const signature = String.fromCharCode(...head);
  // The second is that of an archive with nothing in it.
  return signature === "PK\u0003\u0004" || signature === "PK\u0005\u0006";
}

/** A zip archive, read where it lies: its directory at once, its files when they are wanted. */
export class Archive {
  readonly #entries: readonly FileEntry[];
  readonly #readers: ForwardReader[] = [];
  #byName: Map<string, FileEntry> | null = null;

  private constructor(entries: readonly FileEntry[]) {
    this.#entries = entries;
  }

  /** @throws ImportError for what is cut off, damaged, or in several parts */
  static async open(blob: Blob): Promise<Archive> {
    const entries: FileEntry[] = [];
    try {
      for await (const entry of new ZipReader(new BlobReader(blob)).getEntriesGenerator()) {
        if (entry.directory || SHADOW.test(entry.filename)) continue;
        entries.push(entry);
        if (entries.length > SOURCE_LIMITS.entries) {
          throw new ImportError(
            "too_large",
            "This ZIP file holds more than 200,000 files; please import a part of it.",
          );
        }
      }
    } catch (error) {
      throw archiveError(error);
    }
    return new Archive(entries);
  }

  /** The files with conversations, in the order of their numbers. @throws ImportError when there are none */
  documents(): readonly SourceDocument[] {
    const named = this.#entries.filter(({ filename }) => CONVERSATIONS.test(baseName(filename)));
    const found = named.length > 0 ? named : this.#entries.filter(({ filename }) => READABLE.test(filename));
    if (found.length === 0) throw this.#nothingIn();
    return found
      .toSorted((a, b) => a.filename.localeCompare(b.filename, "en", { numeric: true }))
      .map((entry) => this.#document(entry));
  }

  /**
   * An image or file by the name that a conversation has for it: a path, a file's name, or the id that an export's file
   * names begin with. Null when the archive does not have it.
   *
   * @throws ImportError when it is damaged, or larger than the server takes
   */
  async attachment(source: string, signal: AbortSignal | null = null): Promise<Blob | null> {
    const entry = this.#find(source);
    if (!entry) return null;
    if (entry.uncompressedSize > SOURCE_LIMITS.attachment) throw attachmentTooLarge(entry);
    try {
      const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
      const guarded = guardedBySize(readable, {
        most: SOURCE_LIMITS.attachment,
        error: () => attachmentTooLarge(entry),
      });
      const unpacked = entry.getData(writable, { checkSignature: true, ...(signal ? { signal } : {}) });
      const [blob] = await Promise.all([new Response(guarded).blob(), unpacked]);
      return blob;
    } catch (error) {
      signal?.throwIfAborted();
      throw archiveError(error);
    }
  }

  stop(): void {
    for (const reader of this.#readers) reader.stop();
  }

  #document(entry: FileEntry): SourceDocument {
    const open = (signal: AbortSignal | null) => unpack(entry, signal);
    const reader = new ForwardReader(() => open(null));
    this.#readers.push(reader);
    return {
      name: baseName(entry.filename),
      size: entry.uncompressedSize,
      open,
      read: (start, end) => reader.read(start, end),
    };
  }

  #find(source: string): FileEntry | null {
    this.#byName ??= nameIndex(this.#entries);
    return this.#byName.get(source) ?? this.#byName.get(baseName(source)) ?? null;
  }

  #nothingIn(): ImportError {
    const inner = this.#entries.find(({ filename }) => /\.zip$/i.test(filename));
    if (inner) {
      return new ImportError(
        "archive",
        `This ZIP file holds another one (${baseName(inner.filename)}). Please unpack it and choose that one.`,
      );
    }
    const holds = this.#entries.length === 0 ? "It is empty." : `It holds ${counted(this.#entries)}.`;
    return new ImportError(
      "archive",
      `There is no conversations.json in this ZIP file, the file in which exports of ChatGPT and Claude keep conversations. ${holds}`,
    );
  }
}

/** Of two files that answer to a name, the one for which it is more particular has it; else the first. */
function nameIndex(entries: readonly FileEntry[]): Map<string, FileEntry> {
  const index = new Map<string, FileEntry>();
  const named = entries.map((entry) => ({ entry, names: attachmentNames(entry.filename) }));
  for (let rank = 0; named.some(({ names }) => rank < names.length); rank++) {
    for (const { entry, names } of named) {
      const name = names[rank] ?? "";
      if (name !== "" && !index.has(name)) index.set(name, entry);
    }
  }
  return index;
}

function unpack(entry: FileEntry, signal: AbortSignal | null): ReadableStream<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  entry
    .getData(writable, { checkSignature: true, ...(signal ? { signal } : {}) })
    // Whoever reads gets it from the stream.
    .catch((error: unknown) => writable.abort(archiveError(error)).catch(() => undefined));
  return withArchiveErrors(readable);
}

/** Whichever of the errors of a damaged archive comes first, the reader gets one of ours. */
function withArchiveErrors(stream: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = stream.getReader();
  return new ReadableStream(
    {
      async pull(controller) {
        const next = await reader.read().catch((error: unknown) => {
          throw archiveError(error);
        });
        if (next.done) controller.close();
        else controller.enqueue(next.value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

/** What went wrong in an archive, as a sentence. */
function archiveError(error: unknown): ImportError {
  if (error instanceof ImportError) return error;
  const message = error instanceof Error ? error.message : "";
  switch (message) {
    case ERR_ENCRYPTED:
    case ERR_INVALID_PASSWORD:
    case ERR_UNSUPPORTED_ENCRYPTION:
      return new ImportError(
        "locked_archive",
        "This ZIP file has a password. Please unpack it and choose conversations.json.",
        { cause: error },
      );
    case ERR_UNSUPPORTED_COMPRESSION:
      return new ImportError(
        "archive",
        "This ZIP file is packed in a way that can't be read here. Please unpack it and choose conversations.json.",
        { cause: error },
      );
    case ERR_SPLIT_ZIP_FILE:
      return new ImportError("archive", "This is one part of a ZIP file in several parts. Please join them first.", {
        cause: error,
      });
    default:
      return new ImportError("damaged_archive", "This ZIP file is damaged or cut off. Please download it again.", {
        cause: error,
      });
  }
}

function attachmentTooLarge({ filename }: FileEntry): ImportError {
  return new ImportError("too_large", `${baseName(filename)} is larger than 25 MB.`);
}

function counted(entries: readonly FileEntry[]): string {
  const [first] = entries;
  const name = baseName(first?.filename ?? "").slice(0, 80);
  return entries.length === 1 ? name : `${name} and ${(entries.length - 1).toLocaleString("en")} more files`;
}

const baseName = (path: string) => path.split(/[\\/]/).at(-1) ?? "";
