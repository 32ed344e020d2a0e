import { type ChatKey, type Ownership, senderIdOf } from "@openmates-share/protocol/crypto";
import type { ChatId, OpenedChat, Role } from "@openmates-share/protocol/wire";
import type { Connection } from "./connection.ts";
import type { Device } from "./device.ts";
import { type Entered, newKeys } from "./enter-chat.ts";
import { ClientError } from "./errors.ts";
import type { SettledOwnership } from "./handing-over/ownership.ts";
import { type ChatRecord, chatKeysOf } from "./keyring.ts";
import { memoryStore } from "./memory-store.ts";
import type { StartOpener } from "./opener.ts";
import { Room } from "./room.ts";
import type { SecretStore } from "./secret-store.ts";
import { Transcript } from "./transcript.ts";

/** The rooms that are open here, and the one line to the server that they share. */
export class Rooms {
  readonly #device: Device;
  readonly #startOpener: StartOpener;
  readonly #unsent: SecretStore | null;
  readonly #tellsReads: () => boolean;
  readonly #rooms = new Set<Room>();
  #connection: Connection | null = null;
  #closed = false;

  constructor(setup: {
    device: Device;
    startOpener: StartOpener;
    /** Keeps what is written and not yet sent; null when that ends with the room. */
    unsent: SecretStore | null;
    tellsReads: () => boolean;
  }) {
    const { device, startOpener, unsent, tellsReads } = setup;
    this.#device = device;
    this.#unsent = unsent;
    this.#tellsReads = tellsReads;
    this.#startOpener = startOpener;
  }

  /** Those of a chat. */
  closeOf(chat: ChatId): void {
    for (const room of this.#rooms) if (room.chat === chat) room.close();
  }

  /** Ends everything, also what is just being opened. */
  close(): void {
    this.#closed = true;
    for (const room of this.#rooms) room.close();
    this.#connection?.close();
    this.#connection = null;
  }

  /** One that shows the chat already, and has not fallen behind. */
  followed(chat: ChatId): Room | undefined {
    return [...this.#rooms].find((room) => room.chat === chat && room.follows);
  }

  /** Shows what was opened; `live` to follow it. @throws ClientError `aborted` when all of this was closed meanwhile */
  async show({ opened, seen, live, ...entered }: Entered & { readonly live: boolean }): Promise<Room> {
    const { chat } = opened;
    const { record, owners } = await this.#ownership(opened, entered.record);
    const keys = await chatKeysOf(record);
    const credentials = await this.#device.credentials(record);
    const { key: ownerKey, sender: owner } = owners.at(-1) ?? (await founderOf(record));
    // Only those who may write need to be somebody.
    const writes = opened.role !== "reader" || opened.linkMode === "collaborative";
    const identity = await this.#device.keyring.identityOf(record);
    const opener = this.#startOpener({ chat, keys, mate: await senderIdOf(record.mate) });
    const moreKeys = () => this.#newerKeys(chat);
    const transcript = await Transcript.create({ chat, keys, owner, owners, opener, moreKeys });
    this.#requireOpen();
    const room = new Room({
      opened: { ...opened, role: roleIn(opened, { owns: record.owner, writes }) },
      transcript,
      identity,
      owner: { key: ownerKey, sender: owner },
      successions: record.successions?.length ?? 0,
      title: record.title,
      name: record.name,
      linkBearer: credentials.link ?? null,
      seen,
      live,
      source: {
        page: (after) => this.#device.api.messages(chat, { after, as: credentials }),
        spine: (after) => this.#device.api.spine(chat, { after, as: credentials }),
        amendments: (after) => this.#device.api.amendments(chat, { after, as: credentials }),
      },
      // Who writes has a session by now, whatever the chat was opened with.
      erase: async (erasure) => {
        const { OwnerApi } = await import("./owner-api.ts");
        await new OwnerApi(this.#device.api).erase(chat, { ...erasure, as: await this.#device.owner() });
      },
      remember: (verified) => this.#device.keyring.remember(chat, verified),
      reading: {
        through: await this.#device.keyring.readThrough(chat),
        remember: (seq) => this.#device.keyring.rememberRead(chat, seq),
        told: this.#tellsReads,
      },
      unsent: this.#unsent ?? memoryStore(),
      rememberName: async (name) => {
        await this.#device.changeRecord(chat, (now) => ({ ...now, name }));
      },
      onClose: () => this.#onClosed(room),
    });
    this.#rooms.add(room);
    if (live) void this.#followWith(room, { withSession: writes || record.cameBy?.named === true });
    return room;
  }

  /** By what its owners have signed; most chats stay with who made them. @throws ProtocolError */
  async #ownership({ successions: told }: OpenedChat, record: ChatRecord): Promise<SettledOwnership> {
    if (told.length === 0 && !record.successions?.length) return { record, owners: [await founderOf(record)] };
    const { settleOwnership } = await import("./handing-over/ownership.ts");
    return settleOwnership(this.#device, { record, told });
  }

  /** What is there can be read meanwhile: the line comes when it comes. */
  async #followWith(room: Room, options: { withSession: boolean }): Promise<void> {
    try {
      const line = await this.#connect(options);
      const { Following } = await import("./line.ts");
      room.follow((followed) => new Following(followed, line));
    } catch {
      room.missLine(() => void this.#followWith(room, options));
    }
  }

  /** The keys of all epochs, after another one has begun. @throws ClientError */
  async #newerKeys(chat: ChatId): Promise<readonly ChatKey[]> {
    const record = await this.#device.keyring.requireChat(chat);
    if (record.owner) return (await import("./epochs.ts")).catchUp(this.#device, chat);
    const keys = await newKeys(record, await this.#device.api.keys(chat, await this.#device.credentials(record)));
    const base = keys.length === 0 ? record : await this.#device.keyring.addKeys(chat, keys);
    return chatKeysOf(base);
  }

  async #connect({ withSession }: { withSession: boolean }): Promise<Connection> {
    // Loaded when a chat is first followed: a third of the code, and nothing before needs it.
    const loading = import("./line.ts");
    const session = withSession ? await this.#device.session() : await this.#device.keyring.session();
    const { Connection } = await loading;
    this.#requireOpen();
    this.#connection ??= new Connection({ server: this.#device.server, session: () => this.#device.keyring.session() });
    if (withSession && session) this.#connection.use(session);
    return this.#connection;
  }

  /** Has the line tried at once, if it is not there. */
  wake(): void {
    this.#connection?.wake();
  }

  /** What comes over the line from now on is for whoever signed in, or for nobody. */
  async changeSpeaker(): Promise<void> {
    const session = await this.#device.keyring.session();
    this.#connection?.use(session);
  }

  #requireOpen(): void {
    if (this.#closed) throw new ClientError("aborted", "This was closed.");
  }

  /** The server knows one line in a chat, however many rooms here follow it: the last one leaves. */
  #onClosed(room: Room): void {
    const { chat } = room;
    this.#rooms.delete(room);
    if (!room.follows || [...this.#rooms].some((other) => other.chat === chat && other.follows)) return;
    this.#connection?.request("leave", { chat }).catch(() => undefined);
  }
}

async function founderOf({ ownerKey }: ChatRecord): Promise<Ownership> {
  return { key: ownerKey, sender: await senderIdOf(ownerKey), since: null };
}

/** What its owners signed counts: who opens a chat by a link may have become its owner since. */
function roleIn({ role }: OpenedChat, { owns, writes }: { owns: boolean; writes: boolean }): Role {
  if (owns) return "owner";
  return writes && role === "reader" ? "member" : role;
}
