import {
  type ChatKey,
  openDelta,
  openReplyStream,
  type ReplyStream,
  unwrapReplyKey,
} from "@openmates-share/protocol/crypto";
import {
  type AskId,
  type AskState,
  type AskStatus,
  type Delta,
  type MessageId,
  ProtocolError,
} from "@openmates-share/protocol/wire";
import type { Answer } from "./room-state.ts";

interface Running {
  readonly message: MessageId;
  readonly by: Answer["by"];
  readonly state: Answer["state"];
  readonly reason: string | null;
  readonly fault: Answer["fault"];
  readonly retryAt: number | null;
  readonly stream: ReplyStream | null;
  /** Sealed pieces that came before one that is still missing. */
  readonly early: Map<number, Delta>;
  next: number;
  text: string;
}

/** The answers that are being given, or were cut off: opened piece by piece, in order. */
export class Answers {
  readonly #keyOf: (epoch: number) => ChatKey;
  readonly #running = new Map<AskId, Running>();

  constructor(keyOf: (epoch: number) => ChatKey) {
    this.#keyOf = keyOf;
  }

  get list(): readonly Answer[] {
    return [...this.#running].map(([ask, { message, by, state, text, reason, fault, retryAt }]) => ({
      ask,
      message,
      by,
      state,
      text,
      reason,
      fault,
      retryAt,
    }));
  }

  /** Takes news of an ask. A stored answer stays in the list until its message is there, so that nothing flickers. */
  async update({ chat, ask, message, by, status }: AskStatus): Promise<void> {
    const now = this.#running.get(ask);
    switch (status.state) {
      case "running": {
        if (now?.stream?.stream === status.stream) return;
        const stream = await this.#open({ chat, ask, status });
        this.#running.set(ask, {
          message,
          by,
          state: "running",
          ...NO_FAULT,
          stream,
          early: new Map(),
          next: 0,
          text: "",
        });
        return;
      }
      case "interrupted":
      case "failed": {
        const ended = { message, by, state: status.state, ...faultOf(status), stream: null, early: new Map(), next: 0 };
        this.#running.set(ask, { ...ended, text: now?.text ?? "" });
        return;
      }
      case "answered":
      case "stopped":
        return;
    }
  }

  /** Takes a piece; returns false when a piece before it has not come, so that the caller asks again. */
  async add(delta: Delta): Promise<boolean> {
    const running = this.#running.get(delta.ask);
    if (!running?.stream || running.stream.stream !== delta.stream || delta.index < running.next) return true;
    running.early.set(delta.index, delta);
    for (let due = running.early.get(running.next); due; due = running.early.get(running.next)) {
      running.early.delete(due.index);
      running.text += await openOrMark(running.stream, due);
      running.next = due.index + 1;
    }
    return running.early.size === 0;
  }

  /** Null when its key does not open: whoever asked has made that, and may have sent anything (SPEC A90). */
  async #open(asked: {
    chat: AskStatus["chat"];
    ask: AskId;
    status: AskState & { state: "running" };
  }): Promise<ReplyStream | null> {
    const { chat, ask, status } = asked;
    const { stream, epoch, wrappedReplyKey: wrapped } = status;
    try {
      const replyKey = await unwrapReplyKey({ chatKey: this.#keyOf(epoch), ask, wrapped });
      return await openReplyStream({ chat, ask, stream, replyKey });
    } catch (error) {
      if (error instanceof ProtocolError) return null;
      throw error;
    }
  }

  /** The stored reply has arrived. */
  finish(ask: AskId): void {
    this.#running.delete(ask);
  }
}

const NO_FAULT = { reason: null, fault: null, retryAt: null };

function faultOf(status: AskState): Pick<Answer, "reason" | "fault" | "retryAt"> {
  if (status.state !== "failed") return NO_FAULT;
  const { message: reason, fault, retryAfter } = status;
  return { reason, fault, retryAt: retryAfter === null ? null : performance.now() + retryAfter * 1000 };
}

async function openOrMark(stream: ReplyStream, delta: Delta): Promise<string> {
  try {
    return await openDelta(stream, delta.index, delta.sealed);
  } catch (error) {
    // The stored reply is checked as a whole; until then the hole is visible.
    if (error instanceof ProtocolError) return "\u{FFFD}";
    throw error;
  }
}
