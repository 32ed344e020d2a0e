import {
  type ChatId,
  type MessageId,
  type Room,
  type RoomMessage,
  type SenderId,
  textParts,
} from "@openmates-share/client";
import { expect, test } from "vitest";
import type { Posting } from "../slack/slack.ts";
import { memoryStores } from "../stores/memory-stores.ts";
import type { Side } from "./side.ts";
import { followChat } from "./to-slack.ts";

const place = { team: "T1", channel: "C1", thread: "1.1" };
const id = "AAAAAAAAAAAAAAAAAAAAAA" as MessageId;

/** A room in which somebody has said something. */
function roomOf(text: string): Room {
  const content = { type: "message", role: "user", name: "Tim", parts: textParts(text) };
  const message = {
    id,
    seq: 1,
    sender: "tim" as SenderId,
    body: { type: "content", content },
  } as unknown as RoomMessage;
  const read = async function* () {
    yield [message];
  };
  return { state: { me: "bot", people: [] }, read } as unknown as Room; // All that is looked at.
}

/** A mirror in the hands of a node, in front of a Slack that posts as it is told. */
async function sideOf(post: (posting: Posting) => Promise<string>) {
  let now = 0;
  const { mirrors: store } = memoryStores({ now: () => now });
  const mirror = { ...place, chat: "CCCCCCCCCCCCCCCCCCCCCA" as ChatId, user: "U1" };
  await store.add(mirror);
  await store.lease("here", 30_000);
  const side = {
    workspace: { slack: { post } },
    store,
    mirror: { ...mirror, node: "here" },
    room: roomOf("Hello"),
    signal: AbortSignal.timeout(60_000),
    hold: async () => 30_000,
    onFailure: () => {},
  } as unknown as Side;
  /** Half a minute passes, and another node takes it over. */
  const lose = async () => {
    now += 30_000;
    await store.lease("there", 30_000);
  };
  return { side, store, lose };
}

test("what was posted is known by its time stamp, and asked for only while nobody else may", async () => {
  const postings: Posting[] = [];
  const { side, store } = await sideOf(async (posting) => {
    postings.push(posting);
    return "1.2";
  });
  await followChat(side);
  expect(postings).toMatchObject([{ once: { before: 30_000 }, metadata: { payload: { message: id } } }]);
  expect(await store.entry(place, id)).toMatchObject({ ts: "1.2" });
  expect((await store.touched(place)).stamps).toEqual([]);
});

test("what another node has posted meanwhile is not posted again", async () => {
  const { side, store, lose } = await sideOf(async () => expect.fail("It is there already."));
  const entry = { message: id, fromSlack: false, said: new Uint8Array(1), filesLeft: 0, upload: null, files: [] };
  const { note } = store;
  const late = {
    ...store,
    note: (...args: Parameters<typeof note>) =>
      lose()
        .then(theirs)
        .then(() => note(...args)),
  };
  const theirs = () => store.keep({ ...place, node: "there" }, { ...entry, ts: "1.3" });
  await expect(followChat({ ...side, store: late })).rejects.toMatchObject({ code: "not_mirrored" });
  expect(await store.entry(place, id)).toMatchObject({ ts: "1.3" });
});

test("a node that posts too late leaves what is known as it is, and has it looked at", async () => {
  const { side, store, lose } = await sideOf(async () => {
    await lose();
    await store.keep({ ...place, node: "there" }, { ...posted, ts: "1.3" });
    return "1.4";
  });
  const posted = { message: id, fromSlack: false, said: new Uint8Array(1), filesLeft: 0, upload: null, files: [] };
  await expect(followChat(side)).rejects.toMatchObject({ code: "not_mirrored" });
  expect(await store.entry(place, id)).toMatchObject({ ts: "1.3" });
  expect((await store.touched(place)).stamps).toEqual(["1.4"]);
});
