import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { BotError } from "../errors.ts";

export const BOT_KEY_LENGTH = 32;
const VERSION = 1;
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;

/** Which row a sealed value belongs to; a value moved to another row does not open. */
export interface SealedPlace {
  readonly team: string;
  readonly name: string;
}

/**
 * Seals what the bot keeps in the database: AES-256-GCM, `version ‖ nonce ‖ ciphertext ‖ tag`, bound to workspace and
 * name. The database's operator sees names and sizes.
 */
export class BotKey {
  readonly #key: Uint8Array;

  /** @throws BotError `bad_key` unless there are 32 bytes. */
  constructor(key: Uint8Array) {
    if (key.length !== BOT_KEY_LENGTH) throw new BotError("bad_key", "The bot's key has 32 bytes.");
    this.#key = key;
  }

  seal(place: SealedPlace, value: Uint8Array): Uint8Array<ArrayBuffer> {
    const nonce = randomBytes(NONCE_LENGTH);
    const cipher = createCipheriv("aes-256-gcm", this.#key, nonce).setAAD(boundTo(place));
    const parts = [Uint8Array.of(VERSION), nonce, cipher.update(value), cipher.final(), cipher.getAuthTag()];
    return new Uint8Array(Buffer.concat(parts));
  }

  /** @throws BotError `unsealable`: another key, another row, or altered. */
  open(place: SealedPlace, sealed: Uint8Array): Uint8Array<ArrayBuffer> {
    try {
      if (sealed[0] !== VERSION) throw new RangeError("unknown version");
      const nonce = sealed.subarray(1, 1 + NONCE_LENGTH);
      const decipher = createDecipheriv("aes-256-gcm", this.#key, nonce, { authTagLength: TAG_LENGTH })
        .setAAD(boundTo(place))
        .setAuthTag(sealed.subarray(-TAG_LENGTH));
      const opened = decipher.update(sealed.subarray(1 + NONCE_LENGTH, -TAG_LENGTH));
      return new Uint8Array(Buffer.concat([opened, decipher.final()]));
    } catch (error) {
      const message = "My stored secrets do not open with the key I was started with. Please tell whoever runs me.";
      throw new BotError("unsealable", message, { cause: error });
    }
  }
}

/** JSON, so that no two pairs of names run together into the same text. */
function boundTo({ team, name }: SealedPlace): Uint8Array {
  return Buffer.from(JSON.stringify(["openmates-share v1 bot secret", team, name]));
}
