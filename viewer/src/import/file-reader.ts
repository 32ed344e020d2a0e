import type { Conversation } from "@openmates-share/client";
import type { Choice, ReaderAnswer, ReaderRequest } from "./reader-messages.ts";
import { startImportWorker } from "./worker-url.ts";

/** A file that gave no conversation; the message says what was found and which file is right. */
export class UnreadableFile extends Error {
  override readonly name = "UnreadableFile";
}

/** What one dropped file or pasted text holds. The worker keeps it until `stop()`. */
export class FileReading {
  readonly #worker: Worker;
  readonly choices: readonly Choice[];
  /** Records without a conversation. */
  readonly skipped: number;

  private constructor(worker: Worker, list: { conversations: readonly Choice[]; skipped: number }) {
    this.#worker = worker;
    this.choices = list.conversations;
    this.skipped = list.skipped;
  }

  /** @throws UnreadableFile */
  static async start(
    request: Exclude<ReaderRequest, { type: "pick" }>,
    onProgress: (share: number) => void,
  ): Promise<FileReading> {
    const worker = startImportWorker();
    try {
      const list = await ask(worker, { request, expected: "list", onProgress });
      return new FileReading(worker, list);
    } catch (error) {
      worker.terminate();
      throw error;
    }
  }

  /** @throws UnreadableFile */
  async pick(index: number): Promise<Conversation> {
    const answer = await ask(this.#worker, { request: { type: "pick", index }, expected: "conversation" });
    return answer.conversation;
  }

  stop(): void {
    this.#worker.terminate();
  }
}

type Answer<Type extends ReaderAnswer["type"]> = Extract<ReaderAnswer, { type: Type }>;

function ask<Type extends ReaderAnswer["type"]>(
  worker: Worker,
  options: { request: ReaderRequest; expected: Type; onProgress?: (share: number) => void },
): Promise<Answer<Type>> {
  return new Promise((resolve, reject) => {
    worker.onerror = () =>
      reject(new UnreadableFile("This file is too large for this browser, or the page needs to be reloaded."));
    worker.onmessage = ({ data }: MessageEvent<ReaderAnswer>) => {
      if (data.type === "progress") options.onProgress?.(data.total > 0 ? data.done / data.total : 0);
      else if (data.type === "failed") reject(new UnreadableFile(data.message));
      // The answer that a request asks for is the only other one that comes.
      else if (data.type === options.expected) resolve(data as Answer<Type>);
    };
    worker.postMessage(options.request);
  });
}
