import { decode, encode } from "@msgpack/msgpack";
import { frameBytes } from "@openmates-share/protocol/wire";
import * as v from "valibot";
import type { Bus } from "./bus.ts";
import { type NodeId, newNodeId } from "./node-id.ts";
import type { Log, RedisLine } from "./redis-line.ts";

const ANSWER_WITHIN_MS = 1500;
const EVERYBODY = "oms:bus:all";

const letterSchema = v.variant("type", [
  v.object({ type: v.literal("broadcast"), from: v.string(), topic: v.string(), message: v.unknown() }),
  v.object({
    type: v.literal("request"),
    from: v.string(),
    id: v.number(),
    topic: v.string(),
    message: v.unknown(),
  }),
  v.object({ type: v.literal("answer"), id: v.number(), message: v.unknown() }),
]);
type Letter = v.InferOutput<typeof letterSchema>;

/** Nodes talking through Redis channels: one that all hear, and one for each node. */
export class RedisBus implements Bus {
  readonly node = newNodeId();
  /** Resolves when this node hears the others for the first time. */
  readonly listening: Promise<void>;
  readonly #line: RedisLine;
  readonly #log: Log;
  readonly #listeners = new Map<string, (message: unknown) => void>();
  readonly #answers = new Map<string, (message: unknown) => Promise<unknown>>();
  readonly #waiting = new Map<number, (answer: unknown) => void>();
  #requests = 0;

  constructor(options: { line: RedisLine; log: Log }) {
    this.#line = options.line;
    this.#log = options.log;
    this.#line.subscriber.on("messageBuffer", this.#onMessage);
    const subscribed = this.#line.subscriber.subscribe(EVERYBODY, channelOf(this.node));
    // Rejected only when the line is given up before it ever stood.
    this.listening = subscribed.then(
      () => {},
      () => {},
    );
  }

  get connected(): boolean {
    return this.#line.connected;
  }

  async broadcast(topic: string, message: unknown): Promise<boolean> {
    return this.#post(EVERYBODY, { type: "broadcast", from: this.node, topic, message });
  }

  onBroadcast(topic: string, listener: (message: unknown) => void): void {
    this.#listeners.set(topic, listener);
  }

  async request(node: NodeId, topic: string, message: unknown): Promise<unknown> {
    const id = ++this.#requests;
    return new Promise((resolve) => {
      const settle = (answer: unknown) => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        resolve(answer);
      };
      const timer = setTimeout(() => settle(null), ANSWER_WITHIN_MS);
      this.#waiting.set(id, settle);
      void this.#post(channelOf(node), { type: "request", from: this.node, id, topic, message }).then((posted) => {
        if (!posted) settle(null);
      });
    });
  }

  onRequest(topic: string, answer: (message: unknown) => Promise<unknown>): void {
    this.#answers.set(topic, answer);
  }

  onRestored(listener: () => void): void {
    this.#line.onRestored(listener);
  }

  async stop(): Promise<void> {
    this.#line.subscriber.off("messageBuffer", this.#onMessage);
    for (const settle of [...this.#waiting.values()]) settle(null);
  }

  async #post(channel: string, letter: Letter): Promise<boolean> {
    try {
      await this.#line.commands.publish(channel, Buffer.from(encode(letter)));
      return true;
    } catch {
      return false;
    }
  }

  readonly #onMessage = (channel: Buffer, bytes: Buffer): void => {
    const name = channel.toString();
    if (name !== EVERYBODY && name !== channelOf(this.node)) return;
    try {
      this.#read(v.parse(letterSchema, decode(frameBytes(bytes))));
    } catch (error) {
      this.#log.warn({ err: error }, "a message of another node cannot be read");
    }
  };

  #read(letter: Letter): void {
    switch (letter.type) {
      case "broadcast":
        if (letter.from !== this.node) this.#listeners.get(letter.topic)?.(letter.message);
        return;
      case "request":
        void this.#answer(letter);
        return;
      case "answer":
        this.#waiting.get(letter.id)?.(letter.message);
        return;
    }
  }

  async #answer(request: Letter & { type: "request" }): Promise<void> {
    let message: unknown = null;
    try {
      message = await this.#answers.get(request.topic)?.(request.message);
    } catch (error) {
      this.#log.warn({ err: error, topic: request.topic }, "a request of another node failed");
    }
    // The name came from a node's own letter; a wrong one reaches nobody.
    await this.#post(channelOf(request.from as NodeId), { type: "answer", id: request.id, message: message ?? null });
  }
}

function channelOf(node: NodeId): string {
  return `oms:bus:node:${node}`;
}
