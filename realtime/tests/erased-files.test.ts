import {
  type ChatId,
  type EmbedRef,
  type FilePart,
  memoryStore,
  type Room,
  type ShareClient,
} from "@openmates-share/client";
import { idBytes } from "@openmates-share/protocol/wire";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { copyOf, live, messagesOf, ShareWorld, shareChat, textsOf } from "./share-world.ts";
import { until } from "./until.ts";

let world: ShareWorld;
beforeAll(async () => {
  world = await ShareWorld.start();
});
afterEach(() => world.closeClients());
afterAll(() => world.stop());

async function attach(client: ShareClient, chat: ChatId, name: string): Promise<FilePart & { embed: EmbedRef }> {
  const file = { name, mediaType: "application/octet-stream" };
  const { ref } = await client.uploadEmbed({ blob: new Blob([name]), ...file, chat });
  return { type: "file", ...file, size: name.length, embed: ref };
}

async function isStored({ embed }: { embed: EmbedRef }): Promise<boolean> {
  return (await world.database.database.embed.count({ where: { id: idBytes(embed.id) } })) === 1;
}

function lastId(room: Room) {
  const last = messagesOf(room).at(-1);
  if (!last) throw new Error("There are messages.");
  return last.id;
}

/** Files are named behind the words that they stand with. */
async function shows(room: Room, words: string): Promise<void> {
  await until(() => textsOf(room).join("\n").includes(words));
}

test("F13 a message that is taken back takes its files along, except what another message has", async () => {
  const { chat, url, room } = await shareChat(world.client());
  const client = world.client({ node: 1 });
  const grace = await live(client.open(url, { name: "Grace" }));
  const [plan, map] = [await attach(client, chat, "plan"), await attach(client, chat, "map")];
  const both = await grace.send("both", { attachments: [plan, map] });
  const again = await grace.send("the map again", { attachments: [map] });
  await shows(room, "the map again");
  await grace.redact(both);
  await until(async () => !(await isStored(plan)));
  expect(await isStored(map)).toBe(true);
  // The owner removes the other one: files of others go with it too.
  await room.redact(again);
  await until(async () => !(await isStored(map)));
});

test("F13 a shared message's files stay until readers can know that it was taken back", async () => {
  const owner = world.client();
  const { chat, url, room } = await shareChat(owner, { mode: "read-only" });
  const plan = await attach(owner, chat, "plan");
  await room.send("here", { attachments: [plan] });
  await owner.updateShared(chat);
  const reader = world.client({ node: 1 });
  const read = await live(reader.open(url));
  await shows(read, "here");
  await room.redact(lastId(read));
  const sender = messagesOf(read).at(-1)?.sender;
  if (!sender) throw new Error("It has a sender.");
  expect(await (await (await reader.openEmbed({ ref: plan.embed, chat, sender })).blob()).text()).toBe("plan");
  await owner.updateShared(chat);
  await until(async () => !(await isStored(plan)));
  await until(() => !textsOf(read).join("\n").includes("here"));
});

test("F13 nobody erases a file of somebody else's by naming it", async () => {
  const owner = world.client();
  const { chat, url, room } = await shareChat(owner);
  const plan = await attach(owner, chat, "plan");
  await room.send("here", { attachments: [plan] });
  // What this client sends names the owner's file, too.
  const client = world.client({
    fetch: (input, init) => {
      const named = init?.method === "DELETE" ? `${String(input)}&embeds=${plan.embed.id}` : input;
      return fetch(named, init);
    },
  });
  const grace = await live(client.open(url, { name: "Grace" }));
  await grace.redact(await grace.send("mine"));
  await until(() => messagesOf(room).some(({ body }) => body.type === "redacted"));
  expect(await isStored(plan)).toBe(true);
});

test("F13 what could not be erased is erased when the chat is open again, also after the program was closed", async () => {
  const store = memoryStore();
  const { chat, url } = await shareChat(world.client());
  const broken: typeof fetch = (input, init) =>
    init?.method === "DELETE" ? Promise.reject(new TypeError("no way")) : fetch(input, init);
  const client = world.client({ store, keepsUnsent: true, fetch: broken });
  const grace = await live(client.open(url, { name: "Grace" }));
  const plan = await attach(client, chat, "plan");
  await grace.redact(await grace.send("here", { attachments: [plan] }));
  expect(await isStored(plan)).toBe(true);
  const after = await copyOf(store);
  await client.close();
  await live(world.client({ store: after, keepsUnsent: true }).reopen(chat));
  await until(async () => !(await isStored(plan)));
});
