import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { memoryStore, ShareClient } from "@openmates-share/client";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { type ServerProcess, startServer } from "@openmates-share/testing/server-process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { emptyForm } from "../src/screens/share-form.ts";
import { parseSlackMessage } from "../src/slack/slack-message.ts";
import { shareMessages } from "../src/use-cases/share-messages.ts";
import { fakeWorkspace } from "./fake-workspace.ts";

/** As much as one form shares, on the real server. */

const MESSAGES = 1000;
const FILES = 50;
const FILE_BYTES = 128 * 1024;
/** One is encrypted, one was just sent, and one may be on its way to the collector. */
const FILES_HELD = 3;

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");
let database: TestDatabase;
let server: ServerProcess;
let sharing: ShareClient;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServer({ databaseUrl: database.databaseUrl });
  sharing = new ShareClient({ server: server.url, store: memoryStore() });
});
afterAll(async () => {
  await sharing?.close();
  await server?.stop();
  await database?.stop();
});

/** A thread as Slack pages it, every twentieth message with a file. */
function longThread() {
  const all = Array.from({ length: MESSAGES }, (_, index) => {
    const file = { id: `F${index}`, name: `${index}.bin`, mimetype: "application/octet-stream", size: FILE_BYTES };
    const files = index % (MESSAGES / FILES) === 0 ? [{ ...file, url_private: "https://files.slack.com/x" }] : [];
    return parseSlackMessage({ ts: `${1_700_000_000 + index}.000100`, user: "U1", text: `message ${index}`, files });
  }).filter((message) => message !== null);
  const counts = { pages: 0, downloads: 0, atOnce: 0, mostAtOnce: 0, mostAlive: 0 };
  const given: WeakRef<Blob>[] = [];
  const { workspace } = fakeWorkspace();
  const slack: typeof workspace.slack = {
    ...workspace.slack,
    async replies({ cursor, limit }) {
      counts.pages += 1;
      const start = Number(cursor ?? 0);
      const next = start + limit < all.length ? String(start + limit) : null;
      return { messages: all.slice(start, start + limit), next };
    },
    async download() {
      counts.downloads += 1;
      counts.atOnce += 1;
      counts.mostAtOnce = Math.max(counts.mostAtOnce, counts.atOnce);
      await new Promise(setImmediate);
      collectGarbage();
      counts.mostAlive = Math.max(counts.mostAlive, given.filter((blob) => blob.deref()).length);
      counts.atOnce -= 1;
      const blob = new Blob([new Uint8Array(FILE_BYTES)]);
      given.push(new WeakRef(blob));
      return blob;
    },
  };
  return { workspace: { ...workspace, slack, sharing }, counts };
}

test("shares a thread of 1,000 messages with 50 files, one file at a time, and tells how far it is", async () => {
  const { workspace, counts } = longThread();
  const told: string[] = [];
  const form = { ...emptyForm({ title: "Long", thread: true }), files: true, audience: "me" as const };
  const shared = await shareMessages(workspace, {
    user: "U1",
    origin: { channel: "C1", thread: "1700000000.000100", responseUrl: null },
    form,
    password: null,
    onProgress: (doing) => told.push(doing),
  });
  expect(shared).toMatchObject({ messages: MESSAGES, leftOut: [], more: false });
  expect(counts).toMatchObject({ pages: 5, downloads: FILES, mostAtOnce: 1 });
  // Of fifty files, memory holds those that are being sent.
  expect(counts.mostAlive).toBeLessThanOrEqual(FILES_HELD);
  expect(told).toContain("Reading: 600 messages so far.");
  expect(told).toContain(`Encrypting: 25 of ${FILES} files.`);
  expect(told.at(-1)).toBe(`Encrypting: ${MESSAGES} of ${MESSAGES} messages.`);
  const reader = new ShareClient({ server: server.url, store: memoryStore() });
  const { messages } = await (await reader.open(shared.url.reveal(), { live: false })).whenComplete();
  expect(messages.through).toBe(MESSAGES);
  await reader.close();
});
