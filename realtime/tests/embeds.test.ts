import { randomBytes } from "node:crypto";
import { memoryStore, type OpenedEmbed, ShareClient, textParts } from "@openmates-share/client";
import { idBytes } from "@openmates-share/protocol/wire";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "./test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const newClient = (fetch?: typeof globalThis.fetch) =>
  new ShareClient({ server: server.url, store: memoryStore(), ...(fetch ? { fetch } : {}) });

const fileOf = (size: number, name = "notes.bin") => {
  const bytes = new Uint8Array(randomBytes(size));
  return { bytes, draft: { blob: new Blob([bytes]), name, mediaType: "application/octet-stream", chat: null } };
};

/** Compared as buffers: matchers look at every byte as a value of its own. */
async function same(opened: OpenedEmbed, bytes: Uint8Array): Promise<boolean> {
  return Buffer.from(await (await opened.blob()).arrayBuffer()).equals(bytes);
}

async function sharedChat(client: ShareClient) {
  const message = { role: "user", name: "Ada", parts: textParts("Hello"), time: null, model: null } as const;
  return client.share({ title: "A chat", messages: [message] }, { mode: "read-only" });
}

describe("an embed on its own", () => {
  test.each([0, 1, 1024, 262_144, 262_145, 1_048_576, 2_500_000])("comes back as it was: %i bytes", async (size) => {
    const owner = newClient();
    const { bytes, draft } = fileOf(size);
    const progress: number[] = [];
    const { ref } = await owner.uploadEmbed(draft, { onProgress: (done) => progress.push(done) });
    expect(progress.at(-1)).toBe(size);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    const { url } = await (await owner.embeds()).createLink(ref.id);
    const opened = await newClient().openEmbed(url);
    expect(opened).toMatchObject({ name: "notes.bin", type: "file", size, owner: false });
    expect(await same(opened, bytes)).toBe(true);
  });
});

describe("an embed of a chat", () => {
  test("is read by whoever has the chat's link, until it is revoked", async () => {
    const owner = newClient();
    const { chat, link, url } = await sharedChat(owner);
    const { bytes, draft } = fileOf(5000);
    const { ref } = await owner.uploadEmbed({ ...draft, chat });
    const reader = newClient();
    const room = await reader.open(url, { live: false });
    await room.whenComplete();
    const sender = room.state.messages.at(-1)?.sender;
    if (!sender) throw new Error("The chat has a message.");
    const opened = await reader.openEmbed({ ref, chat, sender });
    expect(await same(opened, bytes)).toBe(true);
    await owner.revokeLink(chat, link);
    await expect(opened.blob()).rejects.toMatchObject({
      code: "not_found",
      message: "Embed can't be found. Either it doesn't exist or you don't have access to it.",
    });
    await owner.deleteChat(chat);
    const id = idBytes(ref.id);
    expect(await server.database.embed.count({ where: { id } })).toBe(0);
    expect(await server.database.embedPart.count({ where: { embedId: id } })).toBe(0);
  });
});
