import { webcrypto } from "node:crypto";
import { encode } from "@msgpack/msgpack";
import { wrapChatKey } from "@openmates-share/protocol/crypto";
import { parseShareUrl } from "@openmates-share/protocol/link";
import { idBytes, MSGPACK } from "@openmates-share/protocol/wire";
import type { Lie } from "./lie.ts";
import { type LieWorld, PASSWORD } from "./lie-world.ts";
import { elsewhere, withKeys } from "./tampering.ts";

const { subtle } = webcrypto;

const FORGED = "Words that nobody wrote.";

/** What opens a chat. */
export const KEY_LIES: readonly Lie[] = [
  {
    rule: "K5",
    what: "a key under fewer iterations, and word of it",
    world: { link: { password: PASSWORD } },
    tell: async (world) => {
      const key = await weaklyWrapped(world);
      const iterations = 1_000;
      await world.tellOpened((opened) => ({ ...opened, iterations, wrappedKeys: [{ epoch: 1, key }] }));
    },
    code: "unable_to_decrypt",
    seen: "unable",
    hidden: "Sentence 1.",
  },
  {
    rule: "W4",
    what: "a wrapped key of another version",
    tell: (world) => world.tellOpened((opened) => withKeys(opened, (key) => Uint8Array.from([0, ...key.slice(1)]))),
    code: "unsupported_version",
    seen: "notOpened",
    hidden: "Sentence 1.",
  },
  {
    rule: "W2",
    what: "the wrapped key of another link",
    tell: async (world) => {
      const { wrappedKeys } = await elsewhere(world);
      await world.tellOpened((opened) => ({ ...opened, wrappedKeys }));
    },
    code: "locked",
    seen: "unable",
    hidden: "Sentence 1.",
  },
  {
    rule: "K10",
    what: "a revoked link brought back to life, with what was written since",
    tell: async (world) => {
      const before = await world.opened();
      const stays = await world.owner.createLink(world.chat, { mode: "read-only" });
      await world.owner.revokeLink(world.chat, world.link);
      const room = await world.owner.reopen(world.chat);
      await room.send(FORGED);
      await room.whenComplete();
      await world.owner.updateShared(world.chat);
      room.close();
      const now = await world.opened(stays.url);
      world.liar.refuse = { code: "unavailable", message: "Not now." };
      const told = encode({ ...now, wrappedKeys: before.wrappedKeys });
      const keys = encode({ wrappedKeys: before.wrappedKeys });
      world.liar.forge = (path) => {
        if (path.includes(`${world.chat}/keys`)) return { status: 200, type: MSGPACK, body: keys };
        return path.split("?")[0] === `/api/chats/${world.chat}` ? { status: 200, type: MSGPACK, body: told } : null;
      };
    },
    code: "wrong_epoch",
    seen: "altered",
    hidden: FORGED,
  },
];

async function weaklyWrapped(world: LieWorld): Promise<Uint8Array<ArrayBuffer>> {
  const label = (name: string) => Buffer.from(`openmates-share v1 ${name}\0`);
  const id = idBytes(world.chat);
  const { key: linkKey } = parseShareUrl(world.url);
  const salt = await subtle.digest("SHA-256", Buffer.concat([label("password salt"), id]));
  const password = await subtle.importKey("raw", Buffer.from(PASSWORD), "PBKDF2", false, ["deriveBits"]);
  const weak = { name: "PBKDF2", hash: "SHA-256", salt, iterations: 1_000 };
  const stretched = await subtle.deriveBits(weak, password, 256);
  const input = Buffer.concat([linkKey, Buffer.from(stretched)]);
  const secret = await subtle.importKey("raw", input, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: id, info: label("wrap key") };
  const wrapKey = await subtle.deriveKey(how, secret, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const { chatKey, owner } = await world.keys();
  return wrapChatKey({ chatKey, owner, link: world.link, wrapKey });
}
