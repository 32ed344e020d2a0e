import { createIdentity, followSuccessions, openSeal, senderIdOf } from "@openmates-share/protocol/crypto";
import { loadEmbedKey, openEmbedHeader } from "@openmates-share/protocol/embed";
import { identifyLink } from "@openmates-share/protocol/link";
import {
  type Bytes,
  EMBED_PART,
  emptyTranscript,
  KIND,
  type MessagePage,
  type OpenedChat,
  type Position,
  ProtocolError,
  parseEnvelope,
  spineEntry,
} from "@openmates-share/protocol/wire";
import type { MessageEmbed } from "../embeds/embeds.ts";
import { OpenedEmbed } from "../embeds/opened-embed.ts";
import { requireCopied } from "../embeds/require-copied.ts";
import { ClientError } from "../errors.ts";
import type { HistorySource } from "../history.ts";
import { chatKeysOf } from "../keyring.ts";
import { LocalOpener } from "../local-opener.ts";
import { memoryStore } from "../memory-store.ts";
import { Room } from "../room.ts";
import { packEntries } from "../spine-bytes.ts";
import { Transcript } from "../transcript.ts";
import { unlock } from "../unlock.ts";
import { type Kept, unpackKept } from "./kept-format.ts";

/** A chat out of a file: read and checked as if a server had it, without one. */
export interface KeptChat {
  readonly room: Room;
  /** Where it came from and when it was kept, as the file says; nothing vouches for either. */
  readonly from: string;
  /** Milliseconds since 1970. */
  readonly keptAt: number;
  /** @throws ClientError `not_found` for one that the file lacks, and the protocol's codes */
  openEmbed(embed: MessageEmbed): Promise<OpenedEmbed>;
}

/** Messages handed on at a time. */
const PAGE = 200;

/** @throws ClientError `locked` without the password, `unable_to_decrypt` with a wrong one; ProtocolError for a damaged file */
export async function openKept(
  bytes: Bytes,
  { password = null }: { password?: string | null } = {},
): Promise<KeptChat> {
  const kept = unpackKept(bytes);
  const { chat, linkKey, from, keptAt } = kept;
  const { link } = await identifyLink({ linkKey, subject: chat });
  const start = await emptyTranscript(chat);
  const through = kept.messages.length;
  const opened: Omit<OpenedChat, "role" | "owner"> = {
    chat,
    shareMode: "private",
    linkMode: null,
    wrappedKeys: kept.wrappedKeys,
    seal: kept.seal,
    sharedThrough: through,
    closed: false,
    successions: kept.successions ?? new Uint8Array(0),
    offeredTo: null,
    page: pageOf(kept, { after: 0, start }),
  };
  const { keys, ownerKey: founder } = await unlock({
    opened: { ...opened, role: "reader", owner: NOBODY },
    link,
    linkKey,
    password,
  });
  const chatKeys = await chatKeysOf({ chat, keys });
  const owners = await followSuccessions({ chat, founder, successions: opened.successions });
  const { key: ownerKey, sender: owner } = owners.at(-1) ?? { key: founder, sender: await senderIdOf(founder) };
  const opener = new LocalOpener({ chat, keys: chatKeys, mate: await senderIdOf(kept.mate) });
  const transcript = await Transcript.create({ chat, keys: chatKeys, owner, owners, opener });
  const role = (await endsWithSeal(kept, { keys: chatKeys, ownerKey })) ? "reader" : "member";
  const { identity } = await createIdentity();
  const room = new Room({
    opened: { ...opened, role, owner },
    transcript,
    identity,
    owner: { key: ownerKey, sender: owner },
    successions: opened.successions.length,
    title: "",
    name: null,
    linkBearer: null,
    seen: null,
    live: false,
    source: sourceOf(kept, start),
    erase: async () => undefined,
    remember: async () => undefined,
    reading: { through: 0, remember: async () => undefined, told: () => false },
    unsent: memoryStore(),
    rememberName: async () => undefined,
    onClose: () => undefined,
  });
  return { room, from, keptAt, openEmbed: (embed) => openEmbed(kept, embed) };
}

const NOBODY = "AAAAAAAAAAAAAAAAAAAAAA" as OpenedChat["owner"];

/** What others wrote behind the seal is read as a member reads it. One that does not open is the room's to tell. */
async function endsWithSeal(
  { seal, messages }: Kept,
  { keys, ownerKey }: { keys: Awaited<ReturnType<typeof chatKeysOf>>; ownerKey: Bytes },
): Promise<boolean> {
  try {
    const { epoch } = parseEnvelope(seal);
    const chatKey = keys.find((key) => key.epoch === epoch);
    return !chatKey || (await openSeal({ chatKey, owner: ownerKey, sealed: seal })).seq >= messages.length;
  } catch (error) {
    if (error instanceof ProtocolError) return true;
    throw error;
  }
}

function pageOf({ messages }: Kept, { after, start }: { after: number; start: Position }): MessagePage {
  const before = { seq: after, head: messages[after - 1]?.head ?? start.head };
  return { messages: messages.slice(after, after + PAGE), before, through: messages.length };
}

function sourceOf(kept: Kept, start: Position): HistorySource {
  const { messages } = kept;
  const through = messages.length;
  let entries: Promise<Bytes> | null = null;
  return {
    page: async (after) => pageOf(kept, { after, start }),
    async spine(after) {
      entries ??= Promise.all(messages.map((message) => spineEntry(message))).then(packEntries);
      const all = await entries;
      return { after, entries: all.slice((all.length / Math.max(through, 1)) * after), through };
    },
    amendments: async (after) => ({
      messages: messages.filter(({ seq, envelope }) => seq > after && envelope[1] === KIND.amendment),
      through,
    }),
  };
}

async function openEmbed({ embeds }: Kept, { ref, chat, sender }: MessageEmbed): Promise<OpenedEmbed> {
  const found = embeds.find(({ id }) => id === ref.id);
  if (!found) throw new ClientError("not_found", "This file was not kept with the chat.");
  const embedKey = await loadEmbedKey({ embed: ref.id, raw: ref.key });
  const source = { type: "message", chat, sender } as const;
  const { header, publicKey } = await openEmbedHeader({ embedKey, sealed: found.header, source });
  await requireCopied(ref, header);
  const { chunks } = found;
  return new OpenedEmbed({
    ref,
    header,
    publicKey,
    stored: { size: chunks.length, owner: false },
    api: { part: async (_, { index, length }) => chunks.slice(index * EMBED_PART, index * EMBED_PART + length) },
    credentials: async () => ({}),
  });
}
