import type { Conversation } from "@openmates-share/client";
import type { BranchId, FoundSecret, ImportProgress } from "@openmates-share/importers";
import type {
  ChoiceList,
  PostedConversation,
  ReaderCall,
  ReaderCalls,
  ReaderMessage,
  ReaderRequest,
} from "./reader-messages.ts";
import { startImportWorker } from "./worker-url.ts";

/** A file that gave no conversation; the message says what was found and which file is right. */
export class UnreadableFile extends Error {
  override readonly name = "UnreadableFile";
}

/** The worker that reads files, and the calls to it. */
class Reader {
  readonly #worker = startImportWorker();
  readonly #waiting = new Map<number, { resolve: (answer: unknown) => void; reject: (error: unknown) => void }>();
  #calls = 0;
  onProgress: (progress: ImportProgress) => void = () => undefined;

  constructor() {
    this.#worker.onerror = () =>
      this.#endAll("This file is too large for this browser, or the page needs to be reloaded.");
    this.#worker.onmessage = ({ data }: MessageEvent<ReaderMessage>) => {
      if (data.type === "progress") return this.onProgress(data.progress);
      const waiting = this.#waiting.get(data.number);
      this.#waiting.delete(data.number);
      if (data.type === "answer") waiting?.resolve(data.answer);
      else waiting?.reject(new UnreadableFile(data.sentence));
    };
  }

  /** @throws UnreadableFile */
  call<Call extends ReaderCall>(call: Call, ask: ReaderCalls[Call]["ask"]): Promise<ReaderCalls[Call]["answer"]> {
    const number = ++this.#calls;
    return new Promise<ReaderCalls[Call]["answer"]>((resolve, reject) => {
      // The worker answers a call with what belongs to it.
      this.#waiting.set(number, { resolve: resolve as (answer: unknown) => void, reject });
      this.#worker.postMessage({ number, call, ask } as ReaderRequest);
    });
  }

  /** What is being read is given up. May be called twice. */
  stop(): void {
    this.#worker.terminate();
    this.#endAll("Reading was cancelled.");
  }

  #endAll(sentence: string): void {
    for (const { reject } of this.#waiting.values()) reject(new UnreadableFile(sentence));
    this.#waiting.clear();
  }
}

/** What one dropped file or pasted text holds. The worker keeps its place in the file until `stop()`. */
export class FileReading {
  readonly #reader: Reader;
  readonly list: ChoiceList;

  private constructor(reader: Reader, list: ChoiceList) {
    this.#reader = reader;
    this.list = list;
  }

  /** @throws UnreadableFile, also when the signal ends it */
  static async start(
    source: { name: string; blob: Blob },
    { onProgress, signal }: { onProgress: (progress: ImportProgress) => void; signal: AbortSignal },
  ): Promise<FileReading> {
    const reader = new Reader();
    reader.onProgress = onProgress;
    signal.addEventListener("abort", () => reader.stop());
    try {
      return new FileReading(reader, await reader.call("open", source));
    } catch (error) {
      reader.stop();
      throw error;
    }
  }

  /** One conversation, as it was on screen or along a branch. @throws UnreadableFile */
  async read(index: number, branch: BranchId | null = null): Promise<Conversation> {
    const conversation = await this.#reader.call("read", { index, branch });
    return { ...conversation, attachment: (source) => this.#reader.call("attachment", { index, source }) };
  }

  stop(): void {
    this.#reader.stop();
  }
}

/** Looks for secrets beside the page; a long conversation takes seconds. */
export async function findSecretsOf({ title, messages }: PostedConversation): Promise<readonly FoundSecret[]> {
  const reader = new Reader();
  try {
    return await reader.call("secrets", { title, messages });
  } finally {
    reader.stop();
  }
}

/** The conversation with masks in place of these values. */
export async function maskedCopy(
  { title, messages }: PostedConversation,
  values: ReadonlySet<string>,
): Promise<PostedConversation> {
  if (values.size === 0) return { title, messages };
  const reader = new Reader();
  try {
    return await reader.call("mask", { conversation: { title, messages }, values });
  } finally {
    reader.stop();
  }
}
