import { claimSender, type Identity } from "@openmates-share/protocol/crypto";
import {
  type AcceptOffer,
  type ChatId,
  type CreateChat,
  type CreateLink,
  chatIdSchema,
  type EditLink,
  type EmbedId,
  type EpochState,
  epochSchema,
  LINK_MODES,
  type LinkId,
  type LinkSummary,
  linkIdSchema,
  type MessageId,
  type OfferChat,
  type OutgoingMessage,
  type OwnedChatSummary,
  type PendingOffer,
  type Preview,
  type Rotate,
  senderIdSchema,
  seqSchema,
  toBase64url,
  type UpdateShared,
  type UploadReceipts,
} from "@openmates-share/protocol/wire";
import * as v from "valibot";
import type { Api, Credentials } from "./api.ts";
import { endingHere, onServer } from "./clocks.ts";
import { readAnswer, receiptSchema, SHARE_MODES } from "./responses.ts";

const uploadReceiptsSchema = v.object({ receipts: v.array(receiptSchema) }) satisfies v.GenericSchema<
  unknown,
  UploadReceipts
>;

const pendingOfferSchema = v.object({
  pending: v.nullable(
    v.object({ to: senderIdSchema, link: linkIdSchema, offer: v.string(), bequest: v.string() }),
  ) satisfies v.GenericSchema<unknown, PendingOffer | null>,
});

const linkSummarySchema = v.object({
  link: linkIdSchema,
  mode: v.picklist(LINK_MODES),
  audience: v.variant("type", [
    v.object({ type: v.literal("public") }),
    v.object({ type: v.literal("named"), address: v.string(), accepted: v.boolean() }),
  ]),
  label: v.nullable(v.string()),
  createdAt: v.number(),
  expiresAt: v.nullable(v.number()),
  viewLimit: v.nullable(v.number()),
  views: v.number(),
  lastOpenedOn: v.nullable(v.string()),
}) satisfies v.GenericSchema<unknown, LinkSummary>;

const linksSchema = v.object({ links: v.array(linkSummarySchema) });

const epochStateSchema = v.object({
  now: v.number(),
  epoch: epochSchema,
  rotation: v.nullable(v.string()),
  seal: v.nullable(v.string()),
  sharedThrough: seqSchema,
  lastSeq: seqSchema,
  links: v.array(linkSummarySchema),
  members: v.array(v.object({ sender: senderIdSchema, link: linkIdSchema, joinedAt: v.number() })),
}) satisfies v.GenericSchema<unknown, EpochState>;

const ownedChatsSchema = v.object({
  chats: v.array(
    v.object({
      chat: chatIdSchema,
      createdAt: v.number(),
      shareMode: v.picklist(SHARE_MODES),
      lastSeq: seqSchema,
      sharedThrough: seqSchema,
      links: v.number(),
      fullLinks: v.number(),
      expiredLinks: v.number(),
      collaborative: v.boolean(),
      members: v.number(),
      preview: v.boolean(),
    }) satisfies v.GenericSchema<unknown, OwnedChatSummary>,
  ),
});

/** A message that an amendment took back, with the embeds that stood in it and nowhere else, at most `LIMITS.erasedEmbeds`. */
export interface Erasure {
  readonly message: MessageId;
  readonly amendment: MessageId;
  readonly embeds: readonly EmbedId[];
}

/** What owners and writers ask of the server over HTTP; readers need none of it. Every refusal is a ClientError with the server's code. */
export class OwnerApi {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  async createChat({ chat, owner, session }: { chat: ChatId; owner: Identity; session: string }): Promise<void> {
    const claim = toBase64url(await claimSender({ identity: owner, chat, session }));
    const json: CreateChat = { chat, owner: owner.sender, claim };
    await this.#api.send({ method: "POST", path: "/api/chats", json, as: { session } });
  }

  async upload(
    chat: ChatId,
    {
      messages,
      as,
      signal,
    }: { messages: readonly OutgoingMessage[]; as: Credentials; signal?: AbortSignal | undefined },
  ): Promise<UploadReceipts> {
    const path = `/api/chats/${chat}/messages`;
    return readAnswer(
      uploadReceiptsSchema,
      await this.#api.packed({ method: "POST", path, packed: { messages }, as, signal }),
    );
  }

  async erase(chat: ChatId, { message, amendment, embeds, as }: Erasure & { as: Credentials }): Promise<void> {
    const named = embeds.length > 0 ? `&embeds=${embeds.join(",")}` : "";
    const path = `/api/chats/${chat}/messages/${message}?amendment=${amendment}${named}`;
    await this.#api.send({ method: "DELETE", path, as });
  }

  async updateShared(chat: ChatId, { update, as }: { update: UpdateShared; as: Credentials }): Promise<void> {
    await this.#api.send({ method: "PUT", path: `/api/chats/${chat}/shared`, json: update, as });
  }

  async setClosed(chat: ChatId, { closed, as }: { closed: boolean; as: Credentials }): Promise<void> {
    await this.#api.send({ method: "PUT", path: `/api/chats/${chat}/closed`, json: { closed }, as });
  }

  async leave(chat: ChatId, as: Credentials): Promise<void> {
    await this.#api.send({ method: "DELETE", path: `/api/chats/${chat}/membership`, as });
  }

  async offerChat(chat: ChatId, { offer, as }: { offer: OfferChat; as: Credentials }): Promise<void> {
    await this.#api.send({ method: "PUT", path: `/api/chats/${chat}/offer`, json: offer, as });
  }

  async withdrawOffer(chat: ChatId, as: Credentials): Promise<void> {
    await this.#api.send({ method: "DELETE", path: `/api/chats/${chat}/offer`, as });
  }

  async pendingOffer(chat: ChatId, as: Credentials): Promise<PendingOffer | null> {
    return readAnswer(pendingOfferSchema, await this.#api.json({ method: "GET", path: `/api/chats/${chat}/offer`, as }))
      .pending;
  }

  async acceptOffer(chat: ChatId, { accept, as }: { accept: AcceptOffer; as: Credentials }): Promise<void> {
    await this.#api.send({ method: "POST", path: `/api/chats/${chat}/successions`, json: accept, as });
  }

  async setPreview(chat: ChatId, { preview, as }: { preview: Preview | null; as: Credentials }): Promise<void> {
    const path = `/api/chats/${chat}/preview`;
    await this.#api.send(preview ? { method: "PUT", path, json: preview, as } : { method: "DELETE", path, as });
  }

  async createLink(chat: ChatId, { link, as }: { link: CreateLink; as: Credentials }): Promise<void> {
    const json = { ...link, expiresAt: onServer(link.expiresAt, this.#api) };
    await this.#api.send({ method: "POST", path: `/api/chats/${chat}/links`, json, as });
  }

  async links(chat: ChatId, as: Credentials): Promise<readonly LinkSummary[]> {
    const answer = await this.#api.json({ method: "GET", path: `/api/chats/${chat}/links`, as });
    return readAnswer(linksSchema, answer).links.map((link) => endingHere(link, this.#api));
  }

  async revokeLink(chat: ChatId, { link, as }: { link: LinkId; as: Credentials }): Promise<void> {
    await this.#api.send({ method: "DELETE", path: `/api/chats/${chat}/links/${link}`, as });
  }

  async editLink(chat: ChatId, { link, edit, as }: { link: LinkId; edit: EditLink; as: Credentials }): Promise<void> {
    const { expiresAt } = edit;
    const json = expiresAt === undefined ? edit : { ...edit, expiresAt: onServer(expiresAt, this.#api) };
    await this.#api.send({ method: "PATCH", path: `/api/chats/${chat}/links/${link}`, json, as });
  }

  async invite(chat: ChatId, { link, url, as }: { link: LinkId; url: string; as: Credentials }): Promise<void> {
    await this.#api.send({ method: "POST", path: `/api/chats/${chat}/links/${link}/invitations`, json: { url }, as });
  }

  async epoch(chat: ChatId, as: Credentials): Promise<EpochState> {
    return readAnswer(epochStateSchema, await this.#api.json({ method: "GET", path: `/api/chats/${chat}/epoch`, as }));
  }

  async rotate(chat: ChatId, { rotate, as }: { rotate: Rotate; as: Credentials }): Promise<void> {
    await this.#api.send({ method: "POST", path: `/api/chats/${chat}/epochs`, json: rotate, as });
  }

  async ownedChats(as: Credentials): Promise<readonly OwnedChatSummary[]> {
    return readAnswer(ownedChatsSchema, await this.#api.json({ method: "GET", path: "/api/chats", as })).chats;
  }

  async deleteChat(chat: ChatId, as: Credentials): Promise<void> {
    await this.#api.send({ method: "DELETE", path: `/api/chats/${chat}`, as });
  }
}
