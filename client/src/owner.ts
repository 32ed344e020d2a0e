import type { ChatId, LinkId, MemberSummary, Position, SenderId } from "@openmates-share/protocol/wire";
import type { Device } from "./device.ts";
import { type TakeAway, takeAway } from "./epochs.ts";
import { ClientError } from "./errors.ts";
import { HandingOver } from "./handing-over/handing-over.ts";
import { type LinkEdit, OwnedChats } from "./owned-chats.ts";
import { OwnerApi } from "./owner-api.ts";
import { type PlannedUpdate, PlannedUpdates } from "./planned-updates.ts";
import { type RemovedPerson, type RemoveOptions, removePerson } from "./remove-person.ts";
import type { Room } from "./room.ts";
import type { RoomMessage } from "./room-state.ts";
import type { SecretStore } from "./secret-store.ts";
import type { UploadFile } from "./sharing.ts";
import type { Sealer } from "./upload.ts";

export interface TakeAwayOptions {
  /** Links made on other devices, that may end too. */
  readonly alsoRevoke?: readonly LinkId[];
}

export interface UpdatePreview {
  /** Number of the first message that would be added. */
  readonly from: number;
  readonly through: number;
  readonly count: number;
  readonly messages: readonly RoomMessage[];
}

/** Everything that only the owner of chats does, loaded as one. */
export class Owner {
  readonly chats: OwnedChats;
  /** Of the shared part, while they can be undone. */
  readonly updates: PlannedUpdates;
  readonly handingOver: HandingOver;
  readonly #device: Device;
  readonly #openRoom: (chat: ChatId) => Room | undefined;
  readonly #enterRoom: (chat: ChatId) => Promise<Room>;

  constructor(setup: {
    device: Device;
    store: SecretStore;
    sealer: Sealer | undefined;
    uploadFile: UploadFile;
    /** One that shows the chat already and has not fallen behind. */
    openRoom: (chat: ChatId) => Room | undefined;
    /** One of its own, to be closed afterwards. */
    enterRoom: (chat: ChatId) => Promise<Room>;
    onUpdateSent: (chat: ChatId) => void;
  }) {
    this.#device = setup.device;
    this.#openRoom = setup.openRoom;
    this.#enterRoom = setup.enterRoom;
    this.chats = new OwnedChats(setup);
    this.handingOver = new HandingOver({
      device: setup.device,
      owned: this.chats,
      withVerified: (chat, work) => this.#withVerified(chat, work),
    });
    this.updates = new PlannedUpdates({ device: setup.device, owned: this.chats, onSent: setup.onUpdateSent });
  }

  async revokeLink(chat: ChatId, link: LinkId, options: TakeAwayOptions): Promise<void> {
    await this.#takeAway(chat, { ...options, what: () => ({ links: [link], people: [] }) });
  }

  async unshare(chat: ChatId): Promise<void> {
    await this.#takeAway(chat, {
      what: ({ links, members }) => ({
        links: links.map(({ link }) => link),
        people: members.map(({ sender }) => sender),
      }),
    });
    await this.chats.setPreview(chat, null);
  }

  async people(chat: ChatId): Promise<readonly MemberSummary[]> {
    await this.#device.requireOwned(chat);
    return (await new OwnerApi(this.#device.api).epoch(chat, await this.#device.owner())).members;
  }

  removePerson(chat: ChatId, sender: SenderId, options: RemoveOptions): Promise<RemovedPerson> {
    return removePerson({ device: this.#device, owned: this.chats }, { ...options, chat, sender });
  }

  async previewOfEdit(chat: ChatId, link: LinkId, edit: LinkEdit): Promise<{ readonly reveals: number }> {
    const state = await new OwnerApi(this.#device.api).epoch(chat, await this.#device.owner());
    const before = state.links.find((one) => one.link === link);
    const opens = edit.mode === "collaborative" && before?.mode === "read-only";
    return { reveals: opens ? state.lastSeq - state.sharedThrough : 0 };
  }

  async previewOfUpdate(chat: ChatId, options: { limit?: number; signal?: AbortSignal }): Promise<UpdatePreview> {
    const { limit = 20, signal } = options;
    await this.#device.requireOwned(chat);
    return this.#withVerified(chat, async (room) => {
      const [from, through] = [room.state.sharedThrough + 1, room.verifiedEnd.seq];
      const messages: RoomMessage[] = [];
      const to = Math.min(through, from + limit - 1);
      for await (const page of room.read({ from, to, ...(signal ? { signal } : {}) })) messages.push(...page);
      return { from, through, count: Math.max(through - from + 1, 0), messages };
    });
  }

  async planUpdate(chat: ChatId, options: { title?: string }): Promise<PlannedUpdate> {
    const { title, end } = await this.#endOf(chat, options);
    return this.updates.plan(chat, { at: end, title });
  }

  /** Returns where the cut-off is now. */
  async updateShared(chat: ChatId, options: { title?: string }): Promise<number> {
    const { title, end } = await this.#endOf(chat, options);
    await this.chats.seal({ chat, title, end });
    return end.seq;
  }

  /** Ends the wait for planned updates; they stay planned. May be called twice. */
  stop(): void {
    this.updates.stop();
  }

  async #endOf(chat: ChatId, options: { title?: string }): Promise<{ title: string; end: Position }> {
    const record = await this.#device.requireOwned(chat);
    const end = await this.#withVerified(chat, async (room) => room.verifiedEnd);
    return { title: options.title ?? record.title, end };
  }

  async #takeAway(chat: ChatId, options: TakeAwayOptions & Pick<TakeAway, "what">): Promise<void> {
    await takeAway(this.#device, chat, { what: options.what, alsoRevoke: options.alsoRevoke ?? [] });
  }

  /** Opens a chat of one's own unless it is open, and checks all of it. @throws ClientError when it is not as it was */
  async #withVerified<T>(chat: ChatId, work: (room: Room) => Promise<T>): Promise<T> {
    const open = this.#openRoom(chat);
    const room = open ?? (await this.#enterRoom(chat));
    try {
      const { integrity } = await room.whenComplete();
      if (integrity.state === "violated") throw new ClientError(integrity.code, integrity.message);
      return await work(room);
    } finally {
      if (!open) room.close();
    }
  }
}
