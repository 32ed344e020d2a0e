import { LIMITS, type OutgoingMessage, type Receipt } from "@openmates-share/protocol/wire";
import type { AccessRequest, Gate } from "../access/gate.ts";
import { requireOwner } from "../access/require-owner.ts";
import { chatNotFound, WireFailure } from "../http/failure.ts";
import type { Committer } from "./committer.ts";

/** The owner's way to bring a conversation in: whole pages, in order. */
export class Uploads {
  readonly #gate: Gate;
  readonly #committer: Committer;

  constructor(options: { gate: Gate; committer: Committer }) {
    this.#gate = options.gate;
    this.#committer = options.committer;
  }

  /**
   * Sending a page again gives the same receipts.
   * @throws WireFailure `not_found`, `forbidden`, `too_large`, and as `Committer.append`
   */
  async append(request: AccessRequest & { messages: readonly OutgoingMessage[] }): Promise<readonly Receipt[]> {
    const { chat, account, messages } = request;
    requireOwner(await this.#gate.check(request));
    if (account === null) throw chatNotFound(); // An owner always has one.
    if (messages.reduce((sum, { envelope }) => sum + envelope.length, 0) > LIMITS.pageBytes) {
      throw new WireFailure("too_large", `One upload may have ${LIMITS.pageBytes} bytes of messages at most.`);
    }
    const author = { type: "account", account } as const;
    return this.#committer.appendAll(messages.map((message) => ({ chat, author, message })));
  }
}
