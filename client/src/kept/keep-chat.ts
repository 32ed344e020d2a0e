import type { EmbedRef } from "@openmates-share/protocol/content";
import { wrapChatKey } from "@openmates-share/protocol/crypto";
import { loadEmbedKey, openEmbedHeader } from "@openmates-share/protocol/embed";
import { createLinkKey, deriveWrapKey, identifyLink } from "@openmates-share/protocol/link";
import type { Bytes, SenderId, StoredMessage } from "@openmates-share/protocol/wire";
import type { Device } from "../device.ts";
import { EmbedApi } from "../embeds/embed-api.ts";
import { OpenedEmbed } from "../embeds/opened-embed.ts";
import { requireCopied } from "../embeds/require-copied.ts";
import { ClientError } from "../errors.ts";
import { chatKeysOf } from "../keyring.ts";
import type { Room } from "../room.ts";
import type { RoomMessage } from "../room-state.ts";
import { type Kept, packKept } from "./kept-format.ts";

/** Bytes of pictures and files that one file takes: browsers open twice that as a page without trouble. */
const KEPT_EMBED_BYTES = 20 << 20;

export interface KeepOptions {
  /** Chosen for the file. Null or empty: whoever has the file can read it. */
  readonly password?: string | null;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

export interface KeptFile {
  readonly bytes: Bytes;
  /** Pictures and files that were left out, because they are too large together or can't be had any more. */
  readonly leftOut: number;
}

interface Shown {
  readonly ref: EmbedRef;
  readonly sender: SenderId;
}

/**
 * A chat with everything that proves it, for a file: the ciphertexts, the owner's seal, and the chat's keys under a link
 * key that exists in the file alone. Of the owner's chat it is the shared part, of others' what one may read.
 * @throws ClientError `not_allowed` for what is not sealed or was altered, `aborted`, `unreachable` and other codes
 */
export async function keepChat(device: Device, room: Room, options: KeepOptions): Promise<KeptFile> {
  const { role } = await room.whenComplete(options.signal);
  requireUnaltered(room);
  const { sealed } = room;
  if (!sealed) throw new ClientError("not_allowed", "This chat is not shared yet.");
  const through = role === "owner" ? sealed.seal.seq : room.state.messages.through;
  const { messages, shown } = await collect(room, { ...options, through });
  // A lie may have come out with the last page.
  requireUnaltered(room);
  const { embeds, leftOut } = await collectEmbeds(device, { room, shown });
  const record = await device.keyring.requireChat(room.chat);
  const linkKey = createLinkKey();
  const { link } = await identifyLink({ linkKey, subject: room.chat });
  const wrapKey = await deriveWrapKey({ linkKey, subject: room.chat, password: options.password ?? null });
  const keys = await chatKeysOf(record);
  const wrappedKeys = await Promise.all(
    keys.map(async (chatKey) => ({
      epoch: chatKey.epoch,
      key: await wrapChatKey({ chatKey, owner: record.ownerKey, link, wrapKey: wrapKey.key }),
    })),
  );
  const bytes = packKept({
    chat: room.chat,
    linkKey,
    wrappedKeys,
    mate: record.mate,
    ...(record.successions?.length ? { successions: record.successions } : {}),
    seal: sealed.bytes,
    messages,
    embeds,
    from: (await device.service()).publicUrl,
    keptAt: Date.now(),
  });
  return { bytes, leftOut };
}

function requireUnaltered({ state }: Room): void {
  if (state.integrity.state !== "violated") return;
  throw new ClientError("not_allowed", "This chat is not what was shared, so there is nothing to keep of it.");
}

async function collect(room: Room, options: KeepOptions & { through: number }) {
  const { through, onProgress, signal } = options;
  const messages: StoredMessage[] = [];
  const shown = new Map<string, Shown>();
  for await (const page of room.readStored({ to: through, ...(signal ? { signal } : {}) })) {
    messages.push(...page.stored);
    for (const message of page.opened) for (const one of embedsOf(message)) shown.set(one.ref.id, one);
    onProgress?.(messages.length, through);
  }
  return { messages, shown: [...shown.values()] };
}

function embedsOf({ body, sender }: RoomMessage): Shown[] {
  if (body.type !== "content" || body.content.type !== "message") return [];
  return body.content.parts.flatMap((part) => ("embed" in part && part.embed ? [{ ref: part.embed, sender }] : []));
}

async function collectEmbeds(device: Device, { room, shown }: { room: Room; shown: readonly Shown[] }) {
  const embeds: Kept["embeds"] = [];
  let left = KEPT_EMBED_BYTES;
  let leftOut = 0;
  for (const one of shown) {
    const embed = await fetchEmbed(device, { ...one, chat: room.chat, most: left });
    if (!embed) leftOut++;
    else {
      embeds.push(embed);
      left -= embed.chunks.length;
    }
  }
  return { embeds, leftOut };
}

/** Null for one that is too large or not what its message says; it is checked whole before it is kept. */
async function fetchEmbed(
  device: Device,
  { ref, sender, chat, most }: Shown & { chat: Room["chat"]; most: number },
): Promise<Kept["embeds"][number] | null> {
  const api = new EmbedApi(device.api);
  const record = await device.keyring.requireChat(chat);
  const credentials = () => device.credentials(record);
  try {
    const stored = await api.open(ref.id, { as: await credentials() });
    if (stored.size > most) return null;
    const embedKey = await loadEmbedKey({ embed: ref.id, raw: ref.key });
    const source = { type: "message", chat, sender } as const;
    const { header, publicKey } = await openEmbedHeader({ embedKey, sealed: stored.header, source });
    await requireCopied(ref, header);
    const chunks = new Uint8Array(stored.size);
    let done = 0;
    const recording: Pick<EmbedApi, "part"> = {
      async part(embed, asking) {
        const part = await api.part(embed, asking);
        chunks.set(part, done);
        done += part.length;
        return part;
      },
    };
    await new OpenedEmbed({ ref, header, publicKey, stored, api: recording, credentials }).blob();
    return { id: ref.id, header: stored.header, chunks };
  } catch (error) {
    if (error instanceof ClientError && error.retryable) throw error;
    return null;
  }
}
