import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { memoryStore, messageText, type Room, ShareClient, textParts } from "@openmates-share/client";
import { findLeaks } from "@openmates-share/testing/leak-search";
import { startPostgres } from "@openmates-share/testing/postgres";
import { type ServerProcess, startServer } from "@openmates-share/testing/server-process";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const run = promisify(execFile);

const SECRETS = {
  title: "Ein Brot ohne Maschine",
  text: "Wie lange soll der Teig ruhen?",
  later: "Zwölf Stunden sind genug.",
};

let postgres: Awaited<ReturnType<typeof startPostgres>>;
let folder: string;
const servers: ServerProcess[] = [];

beforeEach(async () => {
  const { stdout } = await run("pg_dump", ["--version"]);
  const major = Number(/\(PostgreSQL\) (\d+)/.exec(stdout)?.[1]);
  postgres = await startPostgres({ noNewerThan: major });
  folder = await mkdtemp(join(tmpdir(), "openmates-share-backup-"));
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A server on a database of that PostgreSQL, with the vault's keys in one place. */
async function serve(databaseUrl: string): Promise<ServerProcess> {
  const server = await startServer({ databaseUrl, dataDir: join(folder, "data") });
  servers.push(server);
  return server;
}

const texts = (room: Room) =>
  room.state.messages.loaded.flatMap(({ body }) =>
    body.type === "content" && body.content.type === "message" ? [messageText(body.content)] : [],
  );

describe("a backup as docs/operations.md makes it", () => {
  test("is taken while people write, reveals nothing by itself, and brings everything back", async () => {
    const server = await serve(postgres.url);
    const owner = new ShareClient({ server: server.url, store: memoryStore() });
    const message = { role: "user" as const, name: "", parts: textParts(SECRETS.text), time: null, model: null };
    const conversation = { title: SECRETS.title, messages: [message] };
    const { chat, url } = await owner.share(conversation, {
      mode: "collaborative",
      preview: { title: "Bread, for all to see", summary: "", category: "cooking_food" },
    });
    const room = await owner.reopen(chat);
    await room.whenLive();

    const dump = join(folder, "share.dump");
    const dumping = run("pg_dump", ["--format=custom", "--compress=0", `--file=${dump}`, postgres.url]);
    await room.send(SECRETS.later);
    await dumping;
    expect(texts(room)).toContain(SECRETS.later);
    await owner.close();

    const key = new URLSearchParams(new URL(url).hash.slice(1)).get("key") ?? "";
    const secrets = Object.entries({ ...SECRETS, key, preview: "Bread, for all to see" });
    const traces = [{ name: "dump", bytes: await readFile(dump) }];
    expect(
      findLeaks(
        traces,
        secrets.map(([name, value]) => ({ name, value })),
      ),
    ).toEqual([]);

    const restoredUrl = postgres.url.replace(/\/[^/]*$/, "/restored");
    await run("psql", [postgres.url, "--quiet", "--command=create database restored"]);
    await run("pg_restore", ["--no-owner", `--dbname=${restoredUrl}`, dump]);
    const restored = await serve(restoredUrl);
    const reader = new ShareClient({ server: restored.url, store: memoryStore() });
    const again = await reader.open(url.replace(server.url, restored.url), { live: false });
    const state = await again.whenComplete();
    expect([state.title, state.integrity.state]).toEqual([SECRETS.title, "sealed"]);
    expect(texts(again)[0]).toBe(SECRETS.text);
    const card = await (await fetch(`${restored.url}/api/previews/${chat}`)).json();
    expect(card).toMatchObject({ title: "Bread, for all to see", generic: false });
    await reader.close();
  });
});
