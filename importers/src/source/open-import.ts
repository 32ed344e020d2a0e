import type { Conversation } from "@openmates-share/protocol/content";
import { ImportError } from "../import-error.ts";
import type { BranchId, BranchSummary, ImportFormat } from "../imported-file.ts";
import { readImport } from "../read-import.ts";
import { Archive, isArchive } from "./archive.ts";
import { blobDocument, type SourceDocument } from "./document.ts";
import { type FoundRecord, RecordFinder } from "./record-finder.ts";
import { readRecord } from "./record-reader.ts";
import { SOURCE_LIMITS } from "./source-limits.ts";
import { decodedText } from "./text.ts";

export interface ImportSource {
  /** Empty for pasted text. */
  readonly name: string;
  readonly blob: Blob;
}

export interface ImportProgress {
  /** Bytes that were looked at. */
  readonly done: number;
  /** Bytes of what is looked at; unpacked, where it is packed. */
  readonly total: number;
  /** Conversations found so far. */
  readonly found: number;
}

export interface OpenOptions {
  readonly onProgress?: (progress: ImportProgress) => void;
  readonly signal?: AbortSignal;
}

/** One conversation of an opened file, as a list shows it. Its messages are in the file until it is read. */
export interface OpenedConversation {
  /** At most `IMPORT_LIMITS.title` characters, never empty, on one line. */
  readonly title: string;
  /** When it was last written to, milliseconds since 1970; null when the file does not tell. */
  readonly time: number | null;
  /** The number of messages that `read()` gives; at least 1. */
  readonly messageCount: number;
  /** What else there is than what was on screen, in the order of the file. */
  readonly branches: readonly BranchSummary[];
  /**
   * What was on screen, or a branch from its beginning; equal values each time.
   *
   * @throws ImportError when the file is no longer there, or was changed
   */
  read(branch?: BranchId): Promise<Conversation>;
}

export interface OpenedImport {
  /** Of its first conversation. */
  readonly format: ImportFormat;
  /** At least one, in the order of the file; read in this order they are read fastest. */
  readonly conversations: readonly OpenedConversation[];
  /** Records of the file that hold no conversation: empty, damaged, or too large. */
  readonly skipped: number;
  /** What is wrong with the file although it gave something; null for a whole one. */
  readonly flaw: string | null;
  /** Lets go of what is open. May be called twice. */
  stop(): void;
}

/**
 * Opens an export, an archive with one in it, or a text of any size, in memory that does not grow with the file: it is
 * streamed once, and of each conversation only the title and its place are kept. `read()` goes back for the messages.
 *
 * @throws ImportError, or the signal's reason
 */
export async function openImport(source: ImportSource, options: OpenOptions = {}): Promise<OpenedImport> {
  const { blob } = source;
  try {
    if (blob.size === 0) throw nothing();
    if (!(await isArchive(blob))) return await openDocuments([blobDocument(source.name, blob)], { options });
    const archive = await Archive.open(blob);
    return await openDocuments(archive.documents(), { options, archive, packed: blob.size });
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof ImportError) throw error;
    throw new ImportError(
      "unreadable",
      "This file could not be read. Please check that it is still there and whole, and try again.",
      { cause: error },
    );
  }
}

interface Opening {
  readonly options: OpenOptions;
  readonly archive?: Archive;
  /** Bytes of the archive. */
  readonly packed?: number;
}

async function openDocuments(documents: readonly SourceDocument[], opening: Opening): Promise<OpenedImport> {
  const reading = new Reading(documents, opening);
  const parts: Part[] = [];
  const failures: ImportError[] = [];
  for (const document of documents) {
    try {
      parts.push(await openDocument(document, reading));
    } catch (error) {
      opening.options.signal?.throwIfAborted();
      // One damaged or other file of an archive does not take the rest away; what does harm does.
      if (!(error instanceof ImportError) || error.code === "too_large") throw error;
      failures.push(error);
    }
  }
  const [first] = parts;
  if (!first) throw failures[0] ?? nothing();
  const { archive } = opening;
  return {
    format: first.format,
    conversations: parts.flatMap((part) => part.conversations.map((one) => withAttachments(one, archive))),
    skipped: parts.reduce((sum, part) => sum + part.skipped, 0),
    flaw: parts.find(({ flaw }) => flaw !== null)?.flaw ?? null,
    stop: () => archive?.stop(),
  };
}

type Part = Omit<OpenedImport, "stop">;

function withAttachments(conversation: OpenedConversation, archive: Archive | undefined): OpenedConversation {
  if (!archive) return conversation;
  return {
    ...conversation,
    read: async (branch) => {
      const read = await conversation.read(branch);
      // Bytes can stand in the conversation itself.
      const attachment = async (source: string) =>
        (await read.attachment?.(source)) ?? (await archive.attachment(source));
      return { ...read, attachment };
    },
  };
}

async function openDocument(document: SourceDocument, reading: Reading): Promise<Part> {
  const finder = new RecordFinder();
  let flaw: string | null = null;
  try {
    for await (const chunk of reading.chunks(document)) {
      if (!finder.feed(chunk)) break;
      reading.found(finder.records.length);
    }
    finder.end();
    flaw = flawOf(finder);
  } catch (error) {
    // An archive that is damaged behind conversations that are whole still has those.
    if (!(error instanceof ImportError) || error.code !== "damaged_archive" || finder.records.length === 0) throw error;
    flaw = "This ZIP file is damaged: what comes behind these conversations could not be read.";
  }
  const [first] = finder.records;
  if (!first) return openText(document, reading, finder);
  reading.settle(finder.records.length);
  return {
    format: first.format,
    conversations: finder.records.map((record) => openedConversation(document, record)),
    skipped: finder.skipped,
    flaw,
  };
}

function flawOf(finder: RecordFinder): string | null {
  if (finder.garbage) return "This file is damaged: what comes behind these conversations could not be read.";
  if (!finder.complete) return "This file ends too early: it may be cut off. These conversations in it are whole.";
  return finder.tooLarge > 0 ? "A conversation of more than 64 MB was left out." : null;
}

function openedConversation(document: SourceDocument, record: FoundRecord): OpenedConversation {
  const { title, time, messageCount, branches } = record;
  return {
    title,
    time,
    messageCount,
    branches,
    read: async (branch) => readRecord(await document.read(record.start, record.end), { place: record, branch }),
  };
}

/** No record was found in it: its text is a transcript, or tells what it is instead. */
async function openText(document: SourceDocument, reading: Reading, finder: RecordFinder): Promise<Part> {
  if (finder.tooLarge > 0) {
    throw new ImportError("too_large", "There is a single conversation of more than 64 MB in this file.");
  }
  if (document.size > SOURCE_LIMITS.text) throw tooLargeText(finder);
  const text = decodedText(await reading.whole(document));
  const file = readImport({ name: document.name, text });
  reading.settle(file.conversations.length);
  return {
    format: file.format,
    conversations: file.conversations.map((one) => ({ ...one, read: async (branch) => one.read(branch) })),
    skipped: file.skipped,
    flaw: null,
  };
}

function tooLargeText(finder: RecordFinder): ImportError {
  if (finder.complete) {
    return new ImportError(
      "unknown_json",
      "This is JSON, but of no kind that is known here. Exports of ChatGPT and Claude (conversations.json) work.",
    );
  }
  return new ImportError(
    "too_large",
    "This is more than 64 MB of something that is no export of conversations. Text can have up to 64 MB.",
  );
}

/** The way through all documents: counts bytes, tells progress, and stops what grows without end. */
class Reading {
  readonly #opening: Opening;
  readonly #total: number;
  #done = 0;
  #told = 0;
  #settled = 0;
  #found = 0;

  constructor(documents: readonly SourceDocument[], opening: Opening) {
    this.#opening = opening;
    this.#total = documents.reduce((sum, { size }) => sum + size, 0);
  }

  /** Of the document that is read now. */
  found(count: number): void {
    this.#found = count;
    if (this.#settled + count > SOURCE_LIMITS.conversations) {
      throw new ImportError("too_large", "There are more than 200,000 conversations in this file; please split it.");
    }
  }

  /** A document is done. */
  settle(count: number): void {
    this.#settled += count;
    this.#found = 0;
    this.#tell();
  }

  async *chunks(document: SourceDocument): AsyncGenerator<Uint8Array> {
    const signal = this.#opening.options.signal ?? null;
    // By its reader: Safari can't iterate over streams.
    const reader = document.open(signal).getReader();
    try {
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        // Memory comes in one piece, and would be looked at without a word in between.
        for (let at = 0; at < next.value.length; at += SOURCE_LIMITS.progressStep) {
          const piece = next.value.subarray(at, at + SOURCE_LIMITS.progressStep);
          signal?.throwIfAborted();
          this.#count(piece.length);
          yield piece;
        }
      }
    } finally {
      await reader.cancel().catch(() => undefined);
    }
  }

  async whole(document: SourceDocument): Promise<Uint8Array> {
    const before = this.#done;
    const pieces: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of this.chunks(document)) {
      // Looked at a second time, counted once.
      this.#done = before;
      size += chunk.length;
      if (size > SOURCE_LIMITS.text) throw new ImportError("too_large", "This text is larger than 64 MB.");
      pieces.push(chunk);
    }
    return new Uint8Array(await new Blob(pieces as Uint8Array<ArrayBuffer>[]).arrayBuffer());
  }

  #count(bytes: number): void {
    this.#done += bytes;
    this.#refuseInflation();
    if (this.#done - this.#told >= SOURCE_LIMITS.progressStep) this.#tell();
  }

  #refuseInflation(): void {
    const { packed } = this.#opening;
    const { ratioFrom, ratio, unpacked } = SOURCE_LIMITS;
    if (packed !== undefined && this.#done > ratioFrom && this.#done > packed * ratio) {
      throw new ImportError(
        "too_large",
        "This ZIP file grows without end when it is unpacked. It is no export, and made to do harm.",
      );
    }
    if (this.#done > unpacked) {
      throw new ImportError("too_large", "There are more than 4 GB of conversations in this file; please split it.");
    }
  }

  #tell(): void {
    this.#told = this.#done;
    const total = Math.max(this.#total, this.#done);
    this.#opening.options.onProgress?.({ done: this.#done, total, found: this.#settled + this.#found });
  }
}

function nothing(): ImportError {
  return new ImportError("empty", "There is nothing in it: neither text nor a conversation.");
}
