import { type ChatId, embedTypeOf, type FilePart, type ImagePart, type ShareClient } from "@openmates-share/client";
import { computed, signal } from "@preact/signals";
import { sentenceOf } from "../app/problem.tsx";
import { measure } from "./image-format.ts";
import { keepOwnPicture } from "./own-pictures.ts";

/** A file on its way into a message. */
export interface Attachment {
  readonly id: number;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly file: Blob;
  readonly state:
    | { readonly name: "uploading"; readonly done: number }
    | { readonly name: "ready"; readonly part: ImagePart | FilePart }
    | { readonly name: "failed"; readonly sentence: string };
}

interface Upload {
  readonly file: File;
  readonly abort: AbortController;
}

/** The files of the message that is being written: uploaded as soon as they are chosen. */
export class Attachments {
  readonly list = signal<readonly Attachment[]>([]);
  /** Whether the message can go: nothing is under way, nothing has failed. */
  readonly ready = computed(() => this.list.value.every(({ state }) => state.name === "ready"));
  /** Whether one of them needs the person. */
  readonly failed = computed(() => this.list.value.some(({ state }) => state.name === "failed"));
  readonly #client: ShareClient;
  readonly #chat: ChatId;
  readonly #uploads = new Map<number, Upload>();
  #lastId = 0;

  constructor(options: { client: ShareClient; chat: ChatId }) {
    this.#client = options.client;
    this.#chat = options.chat;
  }

  add(files: readonly File[]): void {
    // What shows them in the message is there by the time that it waits, also where the line is not.
    import("./embed-part.tsx").catch(() => undefined);
    for (const file of files) {
      const id = ++this.#lastId;
      this.list.value = [
        ...this.list.value,
        { id, name: file.name || "picture.png", size: file.size, file, state: { name: "uploading", done: 0 } },
      ];
      this.#start(id, file);
    }
  }

  retry(id: number): void {
    const upload = this.#uploads.get(id);
    if (upload) this.#start(id, upload.file);
  }

  remove(id: number): void {
    this.#uploads.get(id)?.abort.abort();
    this.#uploads.delete(id);
    const gone = this.list.value.find((item) => item.id === id);
    this.list.value = this.list.value.filter((item) => item.id !== id);
    if (gone?.state.name === "ready") this.#erase(gone.state.part);
  }

  /** The parts for the message; the list is empty afterwards. */
  take(): readonly (ImagePart | FilePart)[] {
    const parts = this.list.value.flatMap(({ state, file }) => {
      if (state.name !== "ready") return [];
      const { part } = state;
      if (part.type === "image" && part.embed) keepOwnPicture(part.embed.id, file);
      return [part];
    });
    this.#uploads.clear();
    this.list.value = [];
    return parts;
  }

  /** Ends what is under way, and erases what nobody will send. */
  stop(): void {
    for (const { id } of this.list.value) this.remove(id);
  }

  #start(id: number, file: File): void {
    const abort = new AbortController();
    this.#uploads.set(id, { file, abort });
    this.#set(id, { name: "uploading", done: 0 });
    this.#upload(id, { file, abort }).then(
      (part) => {
        if (abort.signal.aborted) this.#erase(part);
        else this.#set(id, { name: "ready", part });
      },
      (error: unknown) => {
        if (!abort.signal.aborted) this.#set(id, { name: "failed", sentence: sentenceOf(error) });
      },
    );
  }

  async #upload(id: number, { file, abort }: Upload): Promise<ImagePart | FilePart> {
    const name = file.name || "picture.png";
    const mediaType = file.type || "application/octet-stream";
    const picture = embedTypeOf({ name, mediaType }) === "image" ? await measure(file) : null;
    const { ref: embed } = await this.#client.uploadEmbed(
      { blob: file, name, mediaType, chat: this.#chat, width: picture?.width ?? null, height: picture?.height ?? null },
      { signal: abort.signal, onProgress: (done) => this.#set(id, { name: "uploading", done }) },
    );
    const { size } = file;
    if (!picture) return { type: "file", name, mediaType, size, embed };
    return { type: "image", name, mediaType, size, alt: "", ...picture, embed };
  }

  /** What stays behind when this fails is bounded by the quota, and no message names it. */
  #erase({ embed }: ImagePart | FilePart): void {
    if (!embed) return;
    this.#client
      .embeds()
      .then((embeds) => embeds.delete(embed.id))
      .catch(() => undefined);
  }

  #set(id: number, state: Attachment["state"]): void {
    this.list.value = this.list.value.map((item) => (item.id === id ? { ...item, state } : item));
  }
}
