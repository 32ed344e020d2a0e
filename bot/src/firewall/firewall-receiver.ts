import type { App, Receiver, ReceiverEvent } from "@slack/bolt";
import type { Intake } from "../delivery/intake.ts";
import type { Unclaimed } from "../delivery/unclaimed.ts";
import { liftSecrets } from "./lift-secrets.ts";

/** The one thing a receiver does with an app. */
type Processor = Pick<App, "processEvent">;
type Process = (event: ReceiverEvent) => Promise<void>;

/** What requests go through between the firewall and Bolt. */
export interface Through {
  readonly intake?: Intake;
  readonly unclaimed?: Unclaimed;
}

/**
 * Stands between the receiver (HTTP or Socket Mode) and Bolt: the first to see a payload once its signature is checked,
 * in front of the intake, authorisation, middleware and listeners. Also knows what is still being worked on, so that
 * stopping can wait for it.
 */
export class FirewallReceiver implements Receiver {
  readonly #inner: Receiver;
  readonly #through: Through;
  readonly #working = new Set<Promise<void>>();

  constructor(inner: Receiver, through: Through = {}) {
    this.#inner = inner;
    this.#through = through;
  }

  init(app: App): void {
    const processor: Processor = { processEvent: (event) => this.#pass(app, event) };
    this.#inner.init(processor as App); // Bolt's receivers call nothing else of it.
  }

  start(...args: unknown[]): Promise<unknown> {
    return this.#inner.start(...args);
  }

  stop(...args: unknown[]): Promise<unknown> {
    return this.#inner.stop(...args);
  }

  /** Resolves when everything that came in has been worked through, well or not. */
  async idle(): Promise<void> {
    while (this.#working.size > 0) await Promise.allSettled(this.#working);
  }

  async #pass(app: Processor, event: ReceiverEvent): Promise<void> {
    const lifted = { ...event, body: liftSecrets(event.body) };
    const { intake, unclaimed } = this.#through;
    const process: Process = (taken) => app.processEvent(taken);
    const watched: Process = unclaimed ? (taken) => unclaimed.watch(taken, process) : process;
    const work = intake ? intake.take(lifted, watched) : watched(lifted);
    this.#working.add(work);
    try {
      await work;
    } finally {
      this.#working.delete(work);
    }
  }
}
