import { memoryStore, type RoomMessage, ShareClient } from "@openmates-share/client";
import { MSGPACK, type StoredEmbed } from "@openmates-share/protocol/wire";
import type { Lie } from "./lie.ts";
import { LieWorld } from "./lie-world.ts";
import { flipped } from "./tampering.ts";

const CHUNK = 262_144 + 16;

/** A picture in a message. */
export const EMBED_LIES: readonly Lie[] = [
  {
    rule: "F9",
    what: "the chunks of a picture in the other order",
    tell: (world) =>
      tellPart(world, (part) =>
        Uint8Array.from([...part.slice(CHUNK, 2 * CHUNK), ...part.slice(0, CHUNK), ...part.slice(2 * CHUNK)]),
      ),
    code: "wrong_key",
    seen: "file",
  },
  {
    rule: "F9",
    what: "a chunk of a picture in place of the next one",
    tell: (world) =>
      tellPart(world, (part) =>
        Uint8Array.from([...part.slice(0, CHUNK), ...part.slice(0, CHUNK), ...part.slice(2 * CHUNK)]),
      ),
    code: "wrong_key",
    seen: "file",
  },
  {
    rule: "F9",
    what: "a picture cut behind its first chunk, and a size that fits that",
    tell: (world) => world.tell("/api/embeds/", (stored: StoredEmbed) => ({ ...stored, size: CHUNK })),
    code: "malformed",
    seen: "cut",
  },
  {
    rule: "F4",
    what: "another description of a picture",
    tell: (world) =>
      world.tell("/api/embeds/", (stored: StoredEmbed) => ({ ...stored, header: flipped(stored.header, 50) })),
    code: "wrong_key",
    seen: "undescribed",
  },
  {
    rule: "F7",
    what: "a picture of another chat, in a message of who put it there",
    world: { link: { mode: "collaborative" } },
    tell: (world) => reparent(world, world.owner),
    code: "wrong_key",
    seen: "fileOfAnother",
  },
  {
    rule: "F7",
    what: "a picture of another chat, in a message of somebody who only saw it there",
    world: { link: { mode: "collaborative" } },
    tell: async (world) => {
      const reader = new ShareClient({ server: world.server, store: memoryStore() });
      await reparent(world, reader);
      await reader.close();
    },
    code: "wrong_sender",
    seen: "fileOfNobody",
  },
];

function tellPart(world: LieWorld, change: (part: Uint8Array) => Uint8Array<ArrayBuffer>): void {
  world.liar.refuse = { code: "unavailable", message: "Not now." };
  world.liar.alter = (path, body) => (path.includes("/parts/0") ? change(body) : body);
}

async function reparent(world: LieWorld, writer: ShareClient): Promise<void> {
  const other = await LieWorld.create(world.server, { owner: world.owner });
  const from = await writer.open(other.url, { live: false });
  await from.whenComplete();
  const { embed, sender: _, ...part } = pictureIn([...from.state.messages.loaded]);
  const room = await writer.open(world.url, { name: "Mallory" });
  await room.whenLive();
  await room.send("", { attachments: [{ ...part, embed }] });
  const path = `/api/embeds/${embed.id}`;
  const stored = await other.fetched(path, other.url);
  await other.liar.stop();
  world.liar.forge = (asked) => (asked === path ? { status: 200, type: MSGPACK, body: stored } : null);
}

export function pictureIn(messages: readonly RoomMessage[]) {
  for (const { body, sender } of messages.toReversed()) {
    if (body.type !== "content" || body.content.type !== "message") continue;
    for (const part of body.content.parts) {
      if (part.type === "image" && part.embed) return { ...part, embed: part.embed, sender };
    }
  }
  throw new Error("no picture");
}
