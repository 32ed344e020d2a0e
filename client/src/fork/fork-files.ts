import type { Part } from "@openmates-share/protocol/content";
import type { CopiedEmbed, Copy } from "@openmates-share/protocol/fork";
import type { Bytes, ChatId, EmbedId, SenderId } from "@openmates-share/protocol/wire";
import type { Device } from "../device.ts";
import { EmbedApi } from "../embeds/embed-api.ts";
import type { Embeds } from "../embeds/embeds.ts";
import { ClientError } from "../errors.ts";
import type { ForkSource } from "./fork-source.ts";

/** A file of a message that is taken over, as its first message names it. */
interface SourceFile {
  /** In the chat where it was signed. */
  readonly id: EmbedId;
  /** What it is fetched by, in the chat that is read. */
  readonly ref: { readonly id: EmbedId; readonly key: Bytes; readonly content?: Bytes };
  readonly sender: SenderId;
  /** Its first maker's header, where the chat that is read is a fork already. */
  readonly header: Bytes | null;
}

/**
 * Files of a fork are its own: readers of the fork may not fetch what belongs to another chat (R4). Each is fetched, checked
 * and uploaded once; one that can't be had any more, or for which there is no room, is left out.
 */
export class ForkFiles {
  readonly #device: Device;
  readonly #embeds: Embeds;
  readonly #source: ForkSource;
  readonly #into: ChatId;
  readonly #signal: AbortSignal | undefined;
  readonly #copied = new Map<EmbedId, Promise<CopiedEmbed | null>>();
  leftOut = 0;

  constructor(setup: {
    device: Device;
    embeds: Embeds;
    source: ForkSource;
    into: ChatId;
    signal: AbortSignal | undefined;
  }) {
    this.#device = setup.device;
    this.#embeds = setup.embeds;
    this.#source = setup.source;
    this.#into = setup.into;
    this.#signal = setup.signal;
  }

  /** @throws ClientError that may pass, `aborted` */
  async copy(options: {
    parts: readonly Part[];
    sender: SenderId;
    /** Of a message that was copied into the chat that is read. */
    before: Copy["embeds"];
  }): Promise<readonly CopiedEmbed[]> {
    const { parts, sender, before } = options;
    const copied: CopiedEmbed[] = [];
    for (const part of parts) {
      if ((part.type !== "image" && part.type !== "file") || !part.embed) continue;
      const ref = part.embed;
      const first = before.find(({ as }) => as.id === ref.id);
      const file = { id: first?.id ?? ref.id, ref, sender, header: first?.header ?? null };
      const known = this.#copied.get(file.id) ?? this.#copyOne(file);
      this.#copied.set(file.id, known);
      const one = await known;
      if (one && !copied.some(({ id }) => id === one.id)) copied.push(one);
    }
    return copied;
  }

  async #copyOne({ id, ref, sender, header }: SourceFile): Promise<CopiedEmbed | null> {
    const signal = this.#signal;
    const options = signal ? { signal } : {};
    try {
      const opened = await this.#embeds.openInMessage({ ref, chat: this.#source.chat, sender }, options);
      const { name, mediaType, type, width, height, language } = opened;
      const proof = header ?? (await this.#headerOf(ref.id));
      const blob = await opened.blob(options);
      const draft = { blob, name, mediaType, type, width, height, language, chat: this.#into };
      return { id, header: proof, as: await this.#embeds.upload(draft, options) };
    } catch (error) {
      if (error instanceof ClientError && (error.retryable || error.code === "aborted")) throw error;
      this.leftOut++;
      return null;
    }
  }

  async #headerOf(embed: EmbedId): Promise<Bytes> {
    const as = await this.#source.credentials();
    return new Uint8Array((await new EmbedApi(this.#device.api).open(embed, { as })).header);
  }
}
