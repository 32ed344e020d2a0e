import { safetyNumber } from "@openmates-share/protocol/crypto";
import { type SenderId, senderIdSchema } from "@openmates-share/protocol/wire";
import * as v from "valibot";
import { COMPARED } from "./keyring.ts";
import { pack, unpack } from "./msgpack.ts";
import type { SecretStore } from "./secret-store.ts";

/** That two people compared their safety number, and when: milliseconds since 1970. */
export type Compared = ReadonlyMap<SenderId, number>;

/** Safety numbers (SPEC H1), and which of them were compared on this device (SPEC H2). */
export class Safety {
  readonly #store: SecretStore;

  constructor(store: SecretStore) {
    this.#store = store;
  }

  /** 60 digits in groups of five, the same for both. */
  async number(me: SenderId, them: SenderId): Promise<readonly string[]> {
    return (await safetyNumber(me, them)).match(/\d{5}/g) ?? [];
  }

  /** Everybody with whom somebody has compared; who writes with another key is not among them. */
  async compared(me: SenderId): Promise<Compared> {
    const names = await this.#store.names(nameOf(me));
    const entries = await Promise.all(
      names.map(async (name) => {
        const [them, bytes] = [name.slice(nameOf(me).length), await this.#store.get(name)];
        const at = bytes ? unpack(bytes) : null;
        return v.is(senderIdSchema, them) && typeof at === "number" ? [[them, at] as const] : [];
      }),
    );
    return new Map(entries.flat());
  }

  async mark(me: SenderId, them: SenderId): Promise<void> {
    await this.#store.set(nameOf(me) + them, pack(Date.now()));
  }

  async unmark(me: SenderId, them: SenderId): Promise<void> {
    await this.#store.delete(nameOf(me) + them);
  }
}

const nameOf = (me: SenderId) => `${COMPARED}${me}/`;
