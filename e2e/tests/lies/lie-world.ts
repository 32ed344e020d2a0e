import { randomBytes } from "node:crypto";
import { decode, encode } from "@msgpack/msgpack";
import { type Conversation, type LinkOptions, memoryStore, ShareClient, textParts } from "@openmates-share/client";
import { type ChatKey, unwrapChatKey } from "@openmates-share/protocol/crypto";
import { deriveWrapKey, identifyLink, parseShareUrl } from "@openmates-share/protocol/link";
import {
  appendToTranscript,
  bearerOfLink,
  type ChatId,
  emptyTranscript,
  idBytes,
  KIND,
  type LinkId,
  MSGPACK,
  type OpenedChat,
  PACKET_PARSER,
  SOCKET_PATH,
  SPINE_ENTRY_LENGTH,
  type StoredMessage,
  spineEntry,
} from "@openmates-share/protocol/wire";
import { type Meddler, startMeddler } from "@openmates-share/testing/meddler";

/** Two chunks and a bit, which nothing can take for a picture. */
export const PICTURE = new Uint8Array(randomBytes(600_000));
export const PASSWORD = "correct horse battery staple";

export interface WorldOptions {
  /** Messages of the chat; the last one shows a picture. */
  readonly length?: number;
  readonly link?: Partial<LinkOptions>;
  /** Whose it is; somebody new unless told. */
  readonly owner?: ShareClient;
}

/** A chat on an honest server, and a liar between that and whoever has its link. */
export class LieWorld {
  readonly server: string;
  readonly owner: ShareClient;
  readonly liar: Meddler;
  readonly chat: ChatId;
  /** As the owner got it. */
  readonly url: string;
  readonly link: LinkId;
  readonly password: string | null;

  private constructor(setup: Pick<LieWorld, "server" | "owner" | "liar" | "chat" | "url" | "link" | "password">) {
    this.server = setup.server;
    this.owner = setup.owner;
    this.liar = setup.liar;
    this.chat = setup.chat;
    this.url = setup.url;
    this.link = setup.link;
    this.password = setup.password;
  }

  static async create(server: string, options: WorldOptions = {}): Promise<LieWorld> {
    const { length = 6, link = {}, owner = new ShareClient({ server, store: memoryStore() }) } = options;
    const liar = await startMeddler(server, { path: SOCKET_PATH, parser: PACKET_PARSER });
    const shared = await owner.share(conversation(length), { mode: "read-only", name: "Ada", ...link });
    return new LieWorld({ server, owner, liar, ...shared, password: link.password ?? null });
  }

  /** The link as it leads to the liar. */
  get liarsUrl(): string {
    return this.url.replace(/^https?:\/\/[^/]+/, this.liar.url);
  }

  async stop(): Promise<void> {
    await this.owner.close();
    await this.liar.stop();
  }

  /** What the honest server says to who has the link. */
  async opened(url = this.url): Promise<OpenedChat> {
    return decode(await this.fetched(`/api/chats/${this.chat}`, url)) as OpenedChat;
  }

  async fetched(path: string, url = this.url): Promise<Uint8Array<ArrayBuffer>> {
    const answer = await fetch(this.server + path, { headers: { authorization: `Bearer ${await bearerOf(url)}` } });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return new Uint8Array(await answer.arrayBuffer());
  }

  /** What somebody who has the link holds: with it a server could write to the chat. */
  async keys(): Promise<{ chatKey: ChatKey; owner: Uint8Array<ArrayBuffer> }> {
    const { key } = parseShareUrl(this.url);
    const wrapKey = await deriveWrapKey({ linkKey: key, subject: this.chat, password: this.password });
    const { wrappedKeys } = await this.opened();
    const [first] = wrappedKeys;
    if (!first) throw new Error("no key");
    const { chat, link } = this;
    return unwrapChatKey({ wrapped: first.key, chat, link, epoch: first.epoch, wrapKey: wrapKey.key });
  }

  /** Lies in the first answer, and keeps the line down, which would tell otherwise. */
  async tellOpened(change: (opened: OpenedChat) => OpenedChat | Promise<OpenedChat>): Promise<void> {
    const told = encode(await change(await this.opened()));
    this.#keepLineDown();
    this.liar.forge = (path) => (this.#isOpening(path) ? { status: 200, type: MSGPACK, body: told } : null);
  }

  /**
   * Tells another history, and tells it well: numbers, heads and everything that can be computed without a key fit.
   */
  async retell(change: (messages: readonly StoredMessage[]) => readonly StoredMessage[]): Promise<void> {
    const opened = await this.opened();
    const messages = await chained(this.chat, change(opened.page.messages));
    const spine = await spineOf(messages);
    const through = messages.length;
    const before = { seq: 0, head: (await emptyTranscript(this.chat)).head };
    const page = { messages, before, through };
    const told = encode({ ...opened, sharedThrough: through, page });
    this.#keepLineDown();
    this.liar.forge = (path) => {
      const answer = (body: Uint8Array) => ({ status: 200, type: MSGPACK, body });
      if (this.#isOpening(path)) return answer(told);
      const after = Number(new URL(path, "http://liar").searchParams.get("after") ?? 0);
      const rest = messages.slice(after);
      if (path.includes(`${this.chat}/spine`)) {
        return answer(encode({ after, entries: spine.slice(after * SPINE_ENTRY_LENGTH), through }));
      }
      if (path.includes(`${this.chat}/messages`)) {
        return answer(encode({ messages: rest, before: { ...before, seq: after }, through }));
      }
      if (!path.includes(`${this.chat}/amendments`)) return null;
      return answer(encode({ messages: rest.filter(({ envelope }) => envelope[1] === KIND.amendment), through }));
    };
  }

  /** Changes one answer of the honest server's. */
  tell<Answer>(part: string, change: (answer: Answer) => unknown): void {
    this.#keepLineDown();
    this.liar.alter = (path, body) => (path.includes(part) ? encode(change(decode(body) as Answer)) : body);
  }

  #keepLineDown(): void {
    this.liar.refuse = { code: "unavailable", message: "Not now." };
  }

  #isOpening(path: string): boolean {
    return path.split("?")[0] === `/api/chats/${this.chat}`;
  }
}

function conversation(length: number): Conversation {
  const messages = Array.from({ length }, (_, i) => ({
    role: i % 2 ? ("assistant" as const) : ("user" as const),
    name: "",
    parts: textParts(`Sentence ${i + 1}.`),
    time: null,
    model: null,
  }));
  const picture = {
    type: "image",
    name: "map.png",
    mediaType: "image/png",
    alt: "A map",
    width: null,
    height: null,
    size: PICTURE.length,
    source: "map",
  } as const;
  const last = messages.at(-1);
  const shown = last ? [...messages.slice(0, -1), { ...last, parts: [...last.parts, picture] }] : messages;
  return { title: "Testimony", messages: shown, attachment: async () => new Blob([PICTURE]) };
}

export async function bearerOf(url: string): Promise<string> {
  const { subject, key } = parseShareUrl(url);
  return bearerOfLink(await identifyLink({ linkKey: key, subject: subject.id }));
}

/** Numbers and heads as an honest server would give them. */
async function chained(chat: ChatId, messages: readonly StoredMessage[]): Promise<StoredMessage[]> {
  const told: StoredMessage[] = [];
  let end = await emptyTranscript(chat);
  for (const message of messages) {
    end = await appendToTranscript(end, message);
    told.push({ ...message, seq: end.seq, head: end.head });
  }
  return told;
}

async function spineOf(messages: readonly StoredMessage[]): Promise<Uint8Array<ArrayBuffer>> {
  const entries = await Promise.all(messages.map((message) => spineEntry(message)));
  const packed = new Uint8Array(entries.length * SPINE_ENTRY_LENGTH);
  for (const [i, { id, kind, digest }] of entries.entries()) {
    packed.set(idBytes(id), i * SPINE_ENTRY_LENGTH);
    packed[i * SPINE_ENTRY_LENGTH + 16] = kind;
    packed.set(digest, i * SPINE_ENTRY_LENGTH + 17);
  }
  return packed;
}
