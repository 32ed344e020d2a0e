import { mkdtemp, readFile, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { idBytes } from "@openmates-share/protocol/wire";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createServer } from "../src/server.ts";
import { countVersions, resealAll } from "../src/vault/reseal.ts";
import { SEALED_COLUMNS } from "../src/vault/sealed-columns.ts";
import { Vault } from "../src/vault/vault.ts";
import { runVaultCommand, type VaultCommandName } from "../src/vault/vault-command.ts";
import { openVaultKeys, vaultKeyPath } from "../src/vault/vault-keys.ts";
import { OwnedChat } from "./owned-chat.ts";
import { startTestServer, type TestServer } from "./test-server.ts";

const PREVIEW = { title: "Bread without a machine", summary: "How long to let it rise", category: "cooking_food" };

let dataDir: string;
let server: TestServer;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "share-vault-"));
  server = await startTestServer({ dataDir, vaultKeys: null });
});
afterEach(async () => {
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
});

async function vault(command: VaultCommandName): Promise<string> {
  const lines: string[] = [];
  const { database } = server;
  await runVaultCommand(command, { database, given: null, dataDir, tell: (line) => lines.push(line) });
  return lines.join("\n");
}

async function shown(): Promise<OwnedChat> {
  const chat = await OwnedChat.shared(server);
  await chat.link();
  await chat.expect(204, "PUT /preview", { json: PREVIEW });
  return chat;
}

const titleOf = async (chat: OwnedChat, from = server.url) => {
  const response = await fetch(`${from}/api/previews/${chat.chat}`);
  return ((await response.json()) as { title: string }).title;
};

/** Makes the key file as old as a settled one. */
async function settle(): Promise<void> {
  const before = new Date(Date.now() - 60_000);
  await utimes(vaultKeyPath(dataDir), before, before);
}

describe("the vault's keys, while the server runs", () => {
  test("rotate: a new key seals, everything moves under it, and the old one can go", async () => {
    const before = await shown();
    expect(await vault("status")).toMatch(/^v1, which seals: [1-9]\d* things$/);
    await vault("rotate");
    expect(await vault("status")).toMatch(/^v2, which seals: 0 things\nv1: [1-9]\d* things$/);
    await settle();
    await expect(vault("drop")).rejects.toMatchObject({ code: "bad_keys", message: expect.stringContaining("v1") });
    expect(await vault("reseal")).toMatch(/[1-9]\d* things moved under v2\.$/);
    expect(await vault("status")).toMatch(/^v2, which seals: [1-9]\d* things\nv1: 0 things$/);
    await vault("drop");
    expect(await readFile(vaultKeyPath(dataDir), "utf8")).toMatch(/^v2:[\w+/]{43}=\n$/);
    const another = await createServer(server.config);
    expect(await titleOf(before, another.url)).toBe(PREVIEW.title);
    await another.stop();
  });

  test("are noticed by a server that runs: what is sealed under a key that it has not met opens", async () => {
    const chat = await shown();
    await vault("rotate");
    await vault("reseal");
    await fetch(`${server.url}/api/previews/${chat.chat}`);
    expect(await titleOf(chat)).toBe(PREVIEW.title);
  });

  test("stay until servers have noticed the new one", async () => {
    await vault("rotate");
    await vault("reseal");
    await expect(vault("drop")).rejects.toThrow("only seconds old");
  });

  test("resealing goes on where it was stopped, and leaves what changed meanwhile alone", async () => {
    const chats = [await shown(), await shown(), await shown()];
    await vault("rotate");
    const keys = new Vault(await openVaultKeys({ given: null, dataDir }));
    const broken = chats.map(({ chat }) => idBytes(chat)).toSorted(Buffer.compare)[2];
    if (!broken) throw new Error("three chats are made above");
    const where = { id: broken };
    const { preview } = await server.database.chat.findUniqueOrThrow({ where });
    const damaged = Uint8Array.from(preview ?? [], (byte, i) => (i === 20 ? byte ^ 1 : byte));
    await server.database.chat.update({ where, data: { preview: damaged } });
    await expect(resealAll({ database: server.database, vault: keys })).rejects.toMatchObject({ code: "cannot_open" });
    await server.database.chat.update({ where, data: { preview } });
    const left = (await countVersions(server.database)).get(1) ?? 0;
    expect(await resealAll({ database: server.database, vault: keys })).toBe(left);
    expect((await countVersions(server.database)).has(1)).toBe(false);
    expect(await resealAll({ database: server.database, vault: keys })).toBe(0);
    for (const chat of chats) expect(await titleOf(chat)).toBe(PREVIEW.title);
  });

  test("that come from the environment are the operator's to change", async () => {
    const options = { database: server.database, given: "x", dataDir, tell: () => undefined };
    await expect(runVaultCommand("rotate", options)).rejects.toThrow("VAULT_KEY");
  });

  test("every column that the database calls sealed, or that holds a card, is among those that are moved", async () => {
    const columns = await server.database.$queryRaw<{ name: string }[]>`
      select table_name || '.' || column_name as name from information_schema.columns
      where table_schema = 'public' and data_type = 'bytea' and (column_name like '%sealed' or column_name = 'preview')`;
    // Sealed by the bot and by people's devices, under keys that the vault does not have.
    const others = ["bot_installations.sealed", "bot_jobs.sealed", "bot_secrets.sealed", "synced_keyrings.sealed"];
    const expected = columns.map(({ name }) => name).filter((name) => !others.includes(name));
    expect(SEALED_COLUMNS.map(({ table, column }) => `${table}.${column}`).toSorted()).toEqual(expected.toSorted());
  });
});
