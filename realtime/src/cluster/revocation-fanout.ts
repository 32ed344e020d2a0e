import { chatIdSchema, embedIdSchema, linkIdSchema, senderIdSchema } from "@openmates-share/protocol/wire";
import * as v from "valibot";
import type { Revocation, Revocations } from "../access/revocations.ts";
import type { Bus } from "./bus.ts";
import type { Log } from "./redis-line.ts";

const TOPIC = "revocation";

const revocationSchema = v.variant("type", [
  v.object({ type: v.literal("link-revoked"), chat: chatIdSchema, link: linkIdSchema }),
  v.object({ type: v.literal("member-removed"), chat: chatIdSchema, sender: senderIdSchema }),
  v.object({ type: v.literal("link-changed"), chat: chatIdSchema, link: linkIdSchema }),
  v.object({ type: v.literal("chat-deleted"), chat: chatIdSchema }),
  v.object({ type: v.literal("chat-changed"), chat: chatIdSchema }),
  v.object({ type: v.literal("preview-changed"), chat: chatIdSchema }),
  v.object({ type: v.literal("embed-changed"), embed: v.nullable(embedIdSchema) }),
]) satisfies v.GenericSchema<unknown, Revocation>;

/** Tells the other nodes what was revoked here, and this one what was revoked there (R5). */
export class RevocationFanout {
  readonly #bus: Bus;
  readonly #unsubscribe: () => void;
  /** What could not be told while Redis was away; it is told late rather than never. */
  #untold: Revocation[] = [];

  constructor(options: { bus: Bus; revocations: Revocations; log: Log }) {
    const { bus, revocations, log } = options;
    this.#bus = bus;
    this.#unsubscribe = revocations.subscribe((revocation, origin) => {
      if (origin === "here") void this.#tell(revocation);
    });
    bus.onRestored(() => {
      const untold = this.#untold;
      this.#untold = [];
      for (const revocation of untold) void this.#tell(revocation);
    });
    bus.onBroadcast(TOPIC, (message) => {
      const parsed = v.safeParse(revocationSchema, message);
      if (parsed.success) revocations.publish(parsed.output, "elsewhere");
      else log.warn("a revocation told by another node cannot be read");
    });
  }

  stop(): void {
    this.#unsubscribe();
  }

  async #tell(revocation: Revocation): Promise<void> {
    if (!(await this.#bus.broadcast(TOPIC, revocation))) this.#untold.push(revocation);
  }
}
