import type { ContextEntry } from "@openmates-share/protocol/wire";
import * as v from "valibot";
import { ClientError } from "./errors.ts";
import type { SecretStore } from "./secret-store.ts";

/** A model of one's own, which answers from here: what goes to it the server never sees. */
export interface OwnModel {
  /** Shown to everybody in the room. */
  readonly name: string;
  /**
   * The answer piece by piece; returns how it ended.
   * @throws OwnModelError
   */
  stream(request: {
    readonly context: readonly ContextEntry[];
    readonly signal: AbortSignal;
  }): AsyncGenerator<string, "complete" | "length", void>;
}

export type { OwnModelFault } from "./own-model-error.ts";

const settingsSchema = v.object({
  /** Of any OpenAI-compatible endpoint, up to `/v1`; without a slash at the end. */
  address: v.pipe(v.string(), v.url(), v.regex(/^https?:/)),
  /** Null where none is needed. */
  key: v.nullable(v.string()),
  model: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
});

export type OwnModelSettings = v.InferOutput<typeof settingsSchema>;

const NAME = "own-model";

/** Where one's own model is: kept on this device alone, sealed like its keys. */
export class OwnModelStore {
  readonly #store: SecretStore;

  constructor(store: SecretStore) {
    this.#store = store;
  }

  async get(): Promise<OwnModelSettings | null> {
    const stored = await this.#store.get(NAME);
    if (!stored) return null;
    const parsed = v.safeParse(settingsSchema, JSON.parse(new TextDecoder().decode(stored)));
    return parsed.success ? parsed.output : null;
  }

  /** @throws ClientError `bad_request` for an address that a browser cannot reach */
  async set(settings: OwnModelSettings): Promise<OwnModelSettings> {
    const { address, key, model } = settings;
    const parsed = v.safeParse(settingsSchema, {
      address: address.trim().replace(/\/+$/, ""),
      key: key?.trim() || null,
      model: model.trim(),
    });
    if (!parsed.success) throw new ClientError("bad_request", "Please give an address (https://…) and a model.");
    await this.#store.set(NAME, new TextEncoder().encode(JSON.stringify(parsed.output)));
    return parsed.output;
  }

  async clear(): Promise<void> {
    await this.#store.delete(NAME);
  }
}
