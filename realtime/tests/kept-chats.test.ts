import { decode, encode } from "@msgpack/msgpack";
import { type KeptChat, memoryStore, openKept, ProtocolError, ShareClient } from "@openmates-share/client";
import type { MessagePage } from "@openmates-share/protocol/wire";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startMeddler } from "./meddler.ts";
import { live, ShareWorld, shareChat, textsOf } from "./share-world.ts";

let world: ShareWorld;
beforeAll(async () => {
  world = await ShareWorld.start();
});
afterAll(async () => {
  await world.stop();
});

/** A chat of three messages that its owner shared, and what its reader kept of it. */
async function kept(options: { password?: string } = {}): Promise<Uint8Array<ArrayBuffer>> {
  const { url } = await shareChat(world.client(), { mode: "read-only" });
  const reader = world.client();
  const room = await reader.open(url, { live: false });
  return (await reader.keep(room, options)).bytes;
}

async function judged({ room }: KeptChat): Promise<string> {
  const { integrity } = await room.whenComplete();
  return integrity.state === "violated" ? integrity.code : integrity.state;
}

function changed(bytes: Uint8Array, change: (file: Record<string, unknown>) => object): Uint8Array<ArrayBuffer> {
  return encode({ ...change(decode(bytes) as Record<string, unknown>) }).slice();
}

describe("a chat in a file", () => {
  test("Z3: opens without a server, sealed and whole", async () => {
    const chat = await openKept(await kept());
    expect(await judged(chat)).toBe("sealed");
    expect(textsOf(chat.room)).toEqual(["One", "Two", "Three"]);
    expect(chat.from).toMatch(/^http/);
  });

  test("Z2: with a password opens with that alone, and holds no plaintext", async () => {
    const bytes = await kept({ password: "of the file" });
    await expect(openKept(bytes)).rejects.toMatchObject({ code: "locked" });
    await expect(openKept(bytes, { password: "another" })).rejects.toMatchObject({ code: "unable_to_decrypt" });
    expect(await judged(await openKept(bytes, { password: "of the file" }))).toBe("sealed");
    expect(Buffer.from(bytes).includes("Together")).toBe(false);
  });

  test("Z4: by its owner has what is shared, and nothing that is private still", async () => {
    const owner = world.client();
    const { room } = await shareChat(owner, { mode: "read-only" });
    await room.send("Nobody else's business.");
    const chat = await openKept((await owner.keep(room)).bytes);
    expect(await judged(chat)).toBe("sealed");
    expect(textsOf(chat.room)).toEqual(["One", "Two", "Three"]);
  });

  test("Z3: by a member has what was written behind the seal", async () => {
    const { url } = await shareChat(world.client());
    const member = world.client();
    const room = await live(member.open(url, { name: "Grace" }));
    await room.send("From me.");
    const chat = await openKept((await member.keep(room)).bytes);
    expect(await judged(chat)).toBe("sealed");
    expect(chat.room.state.role).toBe("member");
    expect(textsOf(chat.room)).toContain("From me.");
  });

  test("Z3: of messages that are not what was sealed is a contradiction", async () => {
    const bytes = await kept();
    const lies: Record<string, (messages: readonly object[]) => readonly unknown[]> = {
      "the end is missing": (all) => all.slice(0, 2),
      "the middle is missing": ([one, , three]) => [one, three],
      "two are exchanged": ([one, two, three]) => [two, one, three],
      "none are there": () => [],
    };
    for (const [what, lie] of Object.entries(lies)) {
      const file = changed(bytes, (whole) => ({ ...whole, messages: lie(whole.messages as object[]) }));
      expect(await judged(await openKept(file)), what).toMatch(/_mismatch$/);
    }
  });

  test("Z1: in another version or shape is refused", async () => {
    const bytes = await kept();
    const later = changed(bytes, (whole) => ({ ...whole, version: 2 }));
    await expect(openKept(later)).rejects.toMatchObject({ code: "unsupported_version" });
    const other = changed(bytes, ({ seal: _, ...rest }) => rest);
    for (const file of [other, bytes.slice(0, 900), new Uint8Array(0)]) {
      await expect(openKept(file)).rejects.toBeInstanceOf(ProtocolError);
    }
  });

  test("Z4: is not made of what the server altered on the way", async () => {
    const { url } = await shareChat(world.client(), { mode: "read-only" });
    const stranger = await startMeddler(world.urlOf(0));
    const reader = new ShareClient({ server: stranger.url, store: memoryStore() });
    const room = await reader.open(url, { live: false });
    await room.whenComplete();
    stranger.alter = (path, body) => {
      if (!path.includes("/messages")) return body;
      const page = decode(body) as MessagePage;
      const messages = page.messages.map((one) => ({ ...one, envelope: one.envelope.map((byte) => byte ^ 1) }));
      return encode({ ...page, messages });
    };
    await expect(reader.keep(room)).rejects.toMatchObject({ code: "not_allowed" });
    await reader.close();
    await stranger.stop();
  });
});
