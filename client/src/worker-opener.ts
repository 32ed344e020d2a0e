import type { ChatKey } from "@openmates-share/protocol/crypto";
import { type Bytes, SPINE_ENTRY_LENGTH } from "@openmates-share/protocol/wire";
import { LocalOpener } from "./local-opener.ts";
import type { MessageOpener, OpenedEnvelope, OpenerSetup, Sealed } from "./opener.ts";
import type { OpenerAnswer, OpenerRequest } from "./opener-messages.ts";

/** Entries of the spine that are worth the way to the worker; fewer are hashed sooner here. */
const MANY_ENTRIES = 100;
/** Messages likewise. The first that one sees are fewer: they don't wait for a worker to be loaded. */
const MANY_MESSAGES = 20;

interface Waiting {
  readonly resolve: (answer: OpenerAnswer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Opens in a worker, which runs `serveOpener`, so that the screen stays free. It is started when there is much to do, and
 * until it runs, or if it does not start or breaks, messages are opened here.
 */
export class WorkerOpener implements MessageOpener {
  #setup: OpenerSetup;
  readonly #start: () => Worker;
  readonly #local: LocalOpener;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #state: "none" | "starting" | "running" | "gone" = "none";
  #number = 0;

  constructor(setup: OpenerSetup, start: () => Worker) {
    this.#setup = setup;
    this.#start = start;
    this.#local = new LocalOpener(setup);
  }

  async open(messages: readonly Sealed[]): Promise<readonly OpenedEnvelope[]> {
    if (messages.length < MANY_MESSAGES) return this.#local.open(messages);
    const plain = messages.map(({ id, sender, envelope }) => ({ id, sender, envelope }));
    const answer = await this.#ask((number) => ({ type: "open", number, messages: plain }));
    return answer && "opened" in answer ? answer.opened : this.#local.open(messages);
  }

  async heads(before: Bytes, entries: Bytes): Promise<Bytes> {
    if (entries.length < MANY_ENTRIES * SPINE_ENTRY_LENGTH) return this.#local.heads(before, entries);
    const answer = await this.#ask((number) => ({ type: "heads", number, before, entries }));
    return answer && "heads" in answer ? answer.heads : this.#local.heads(before, entries);
  }

  addKeys(keys: readonly ChatKey[]): void {
    this.#local.addKeys(keys);
    this.#setup = { ...this.#setup, keys: [...this.#setup.keys, ...keys] };
    this.#worker?.postMessage({ type: "keys", keys } satisfies OpenerRequest);
  }

  stop(): void {
    this.#giveUp();
  }

  #launch(): void {
    this.#state = "starting";
    try {
      this.#worker = this.#start();
    } catch {
      this.#state = "gone";
      return;
    }
    this.#worker.onmessage = ({ data }: MessageEvent<OpenerAnswer>) => this.#settle(data);
    this.#worker.onerror = () => this.#giveUp();
    this.#worker.onmessageerror = () => this.#giveUp();
    this.#worker.postMessage({ type: "start", setup: this.#setup } satisfies OpenerRequest);
  }

  /** Null when there is no worker to answer. */
  async #ask(request: (number: number) => OpenerRequest): Promise<OpenerAnswer | null> {
    if (this.#state === "none") this.#launch();
    const worker = this.#worker;
    if (!worker || this.#state !== "running") return null;
    const number = ++this.#number;
    try {
      return await new Promise<OpenerAnswer>((resolve, reject) => {
        this.#waiting.set(number, { resolve, reject });
        worker.postMessage(request(number));
      });
    } catch {
      return null;
    }
  }

  #settle(answer: OpenerAnswer): void {
    if (answer.number === 0) this.#state = "running";
    const waiting = this.#waiting.get(answer.number);
    this.#waiting.delete(answer.number);
    if ("failed" in answer) waiting?.reject(new Error(answer.failed));
    else waiting?.resolve(answer);
  }

  #giveUp(): void {
    this.#state = "gone";
    this.#worker?.terminate();
    this.#worker = null;
    for (const { reject } of this.#waiting.values()) reject(new Error("The worker is gone."));
    this.#waiting.clear();
  }
}
