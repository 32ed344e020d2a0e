import type { SessionId } from "@openmates-share/protocol/wire";
import type { Sessions } from "../accounts/sessions.ts";
import type { Log } from "../cluster/redis-line.ts";
import type { Line, Lines } from "./line.ts";

/** Should news of an end be lost with Redis, this finds it. */
const LOOK_ROUND_MS = 30_000;
/** Ends that a handshake under way may have missed: handshakes take no longer than this many ends. */
const REMEMBERED = 10_000;

/** Ends the connections of sessions that have ended (R5). */
export class SessionWatch {
  readonly #lines: Lines;
  readonly #sessions: Sessions;
  readonly #log: Log;
  readonly #unsubscribe: () => void;
  readonly #timer: NodeJS.Timeout;
  readonly #ended = new Set<SessionId>();

  constructor(options: { lines: Lines; sessions: Sessions; log: Log }) {
    this.#lines = options.lines;
    this.#sessions = options.sessions;
    this.#log = options.log;
    this.#unsubscribe = this.#sessions.onEnded((ended) => this.#onEnded(ended));
    this.#timer = setInterval(() => void this.#lookRound(), LOOK_ROUND_MS);
    this.#timer.unref();
  }

  /** False, and the line is closed, when its session has ended while it was being made. */
  admit(line: Line): boolean {
    const { session } = line.data;
    if (session === null || !this.#ended.has(session)) return true;
    line.disconnect(true);
    return false;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#unsubscribe();
  }

  #onEnded(ended: readonly SessionId[]): void {
    for (const session of ended) this.#ended.add(session);
    for (const oldest of this.#ended) {
      if (this.#ended.size <= REMEMBERED) break;
      this.#ended.delete(oldest);
    }
    const gone = new Set(ended);
    for (const line of this.#connected()) if (line.data.session && gone.has(line.data.session)) line.disconnect(true);
  }

  async #lookRound(): Promise<void> {
    const sessions = new Set(this.#connected().flatMap(({ data }) => (data.session ? [data.session] : [])));
    try {
      this.#onEnded(await this.#sessions.ended([...sessions]));
    } catch (error) {
      this.#log.warn({ err: error }, "sessions cannot be checked");
    }
  }

  #connected(): readonly Line[] {
    return [...this.#lines.of("/").sockets.values()];
  }
}
