import { type AnswerEnd, textParts } from "@openmates-share/protocol/content";
import {
  createReplyKey,
  givenHash,
  openReplyStream,
  type ReplyStream,
  sealDelta,
  sealMessage,
  wrapReplyKey,
} from "@openmates-share/protocol/crypto";
import {
  type AskId,
  type Bytes,
  type ContextEntry,
  LIMITS,
  type MessageId,
  replyIdOf,
  type SettleRequest,
  type StreamId,
} from "@openmates-share/protocol/wire";
import * as v from "valibot";
import { ClientError } from "./errors.ts";
import { streamIdSchema } from "./events.ts";
import type { OwnModel } from "./own-model.ts";
import { OwnModelError } from "./own-model-error.ts";
import { readAnswer } from "./responses.ts";
import type { RoomInside } from "./room-inside.ts";

export interface OwnQuestion {
  readonly ask: AskId;
  readonly message: MessageId;
  /** Looked at last of all: what somebody keeps from models meanwhile does not go. */
  readonly context: () => Promise<readonly ContextEntry[]>;
  readonly model: OwnModel;
}

/** As often as an answer of the mate's comes. Milliseconds. */
const PIECE_EVERY = 50;

const begunSchema = v.object({ stream: streamIdSchema });

interface Running {
  readonly ask: AskId;
  readonly message: MessageId;
  readonly model: OwnModel;
  readonly sealing: ReplyStream;
  readonly context: readonly ContextEntry[];
  readonly offered: number;
  readonly stopped: AbortController;
}

interface Written {
  readonly text: string;
  readonly ended: AnswerEnd;
}

/** Answers mentions with a model of one's own: writes for the room, sealed here, under the same rule of one answer to an ask (SPEC A9). */
export class OwnAnswering {
  readonly #room: RoomInside;
  readonly #running = new Map<StreamId, AbortController>();

  constructor(room: RoomInside) {
    this.#room = room;
  }

  /** Begins; resolves when the room knows of it, long before the answer is there. @throws ClientError with the server's code */
  async answer(question: OwnQuestion): Promise<void> {
    const { transcript } = this.#room;
    const { chat } = transcript;
    const { ask, message } = question;
    const context = await question.context();
    const chatKey = transcript.newestKey;
    const replyKey = createReplyKey();
    const wrappedReplyKey = await wrapReplyKey({ chatKey, ask, replyKey });
    const request = { chat, ask, message, wrappedReplyKey, epoch: chatKey.epoch };
    const { stream } = readAnswer(begunSchema, await this.#room.liveLine().request("answer", request));
    const stopped = new AbortController();
    this.#running.set(stream, stopped);
    const sealing = await openReplyStream({ chat, ask, stream, replyKey });
    void this.#carryThrough({ ...question, sealing, context, offered: context.length, stopped }).finally(() =>
      this.#running.delete(stream),
    );
  }

  /** Somebody in the room has stopped it. */
  halt(stream: StreamId): void {
    this.#running.get(stream)?.abort("stopped");
  }

  /** The room is closed, or its line is gone: nobody hears what is still written. */
  abandon(): void {
    for (const stopped of this.#running.values()) stopped.abort("abandoned");
  }

  async #carryThrough(options: Running): Promise<void> {
    const { ask, sealing, stopped } = options;
    const { chat, stream } = sealing;
    try {
      const written = await this.#outcome(options);
      if (stopped.signal.reason === "abandoned") return;
      const settle = async () =>
        this.#room.liveLine().request("settle", { chat, ask, stream, end: await this.#endOf(written, options) });
      await settle().catch(async (error: unknown) => {
        const stale = error instanceof ClientError && error.code === "stale_epoch";
        if (!stale || !(await this.#room.transcript.renew())) throw error;
        await settle();
      });
    } catch (error) {
      // The line is gone: the server has told the room that it was interrupted.
      if (!(error instanceof ClientError)) throw error;
    }
  }

  async #outcome(options: Running): Promise<Written | OwnModelError> {
    try {
      return await this.#write(options);
    } catch (error) {
      if (error instanceof OwnModelError) return error;
      return new OwnModelError("other", "The model gave no answer.", { cause: error });
    }
  }

  async #endOf(written: Written | OwnModelError, options: Running): Promise<SettleRequest["end"]> {
    if (written instanceof OwnModelError) return { type: "failed", fault: written.code };
    if (written.text.trim() === "") {
      return written.ended === "stopped" ? { type: "interrupted" } : { type: "failed", fault: "other" };
    }
    const message = {
      id: replyIdOf(options.ask),
      sender: this.#room.setup.identity.sender,
      envelope: await this.#seal(written, options),
    };
    return { type: "answered", stopped: written.ended === "stopped", message };
  }

  /** Lets the model write, and the room see it. */
  async #write(options: Running): Promise<Written> {
    const { model, sealing, context, stopped } = options;
    const relay = new Relay(this.#room, sealing, stopped);
    const pieces = model.stream({ context, signal: stopped.signal });
    const aborted = rejectedBy(stopped.signal);
    let text = "";
    try {
      for (;;) {
        const step = await Promise.race([pieces.next(), aborted]);
        if (step.done) return { text, ended: step.value };
        text += step.value;
        // A piece has at most three bytes for each UTF-16 unit.
        if (text.length * 3 > LIMITS.replyBytes) {
          stopped.abort("length");
          return { text, ended: "length" };
        }
        relay.push(step.value);
      }
    } catch (error) {
      if (!stopped.signal.aborted) throw error;
    } finally {
      await relay.close();
    }
    return { text, ended: "stopped" };
  }

  /** The answer as a message of one's own. */
  async #seal({ text, ended }: Written, options: Running): Promise<Bytes> {
    const { ask, message, model, context, offered } = options;
    const { transcript, setup, name } = this.#room;
    const given = { count: context.length, offered, hash: await givenHash(context) };
    return sealMessage({
      chatKey: transcript.newestKey,
      identity: setup.identity,
      message: replyIdOf(ask),
      content: {
        type: "message",
        role: "assistant",
        name: `${name || "Owner"}’s own model`.slice(-LIMITS.name),
        parts: textParts(text),
        replyTo: message,
        model: model.name,
        withheld: false,
        answer: { ended, given },
        time: Date.now(),
        after: transcript.end,
      },
    });
  }
}

/** Rejects when the signal aborts, whether or not the model listens to it. */
function rejectedBy(signal: AbortSignal): Promise<never> {
  const rejected = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  rejected.catch(() => undefined);
  return rejected;
}

/** Seals pieces in their order and hands them on: what comes while some are on their way goes with the next ones. */
class Relay {
  readonly #room: RoomInside;
  readonly #stream: ReplyStream;
  readonly #stopped: AbortController;
  #waiting = "";
  #index = 0;
  #work: Promise<void> | null = null;

  constructor(room: RoomInside, stream: ReplyStream, stopped: AbortController) {
    this.#room = room;
    this.#stream = stream;
    this.#stopped = stopped;
  }

  push(text: string): void {
    this.#waiting += text;
    this.#work ??= this.#pump().finally(() => {
      this.#work = null;
    });
  }

  /** Resolves when all of it is out, or it is known that it cannot go. */
  async close(): Promise<void> {
    for (let work = this.#work; work !== null; work = this.#work) await work;
  }

  async #pump(): Promise<void> {
    while (this.#waiting !== "" && !this.#stopped.signal.aborted) {
      const ready = this.#next();
      try {
        const { chat, ask, stream } = this.#stream;
        const index = this.#index++;
        const sealed = await sealDelta(this.#stream, index, ready);
        await this.#room.liveLine().request("relay", { chat, ask, stream, index, pieces: [sealed] });
      } catch (error) {
        if (!(error instanceof ClientError)) throw error;
        // Stopped, removed, or offline: the model need not go on.
        this.#stopped.abort(error.code === "conflict" ? "stopped" : "abandoned");
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, PIECE_EVERY));
    }
  }

  /** No more than fits a piece, and no half of a character. */
  #next(): string {
    const most = Math.floor(LIMITS.relayedPiece / 4);
    const ready = this.#waiting.slice(0, most).replace(/[\uD800-\uDBFF]$/, "");
    this.#waiting = this.#waiting.slice(ready.length);
    return ready;
  }
}
