import { fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ChatId, newId } from "@openmates-share/protocol/wire";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createServer } from "../src/server.ts";
import { startTestServer } from "./test-server.ts";
import { until } from "./until.ts";

const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));

let data: TestDatabase;
let directory: string;
beforeAll(async () => {
  data = await createTestDatabase();
  directory = await mkdtemp(join(tmpdir(), "share-server-"));
});
afterAll(async () => {
  await data.stop();
  await rm(directory, { recursive: true, force: true });
});

describe("the server", () => {
  test("says that it lives, and whether it is ready", async () => {
    const server = await startTestServer();
    expect(await server.call("GET /healthz")).toMatchObject({ status: 200, body: { status: "ok" } });
    expect(await server.call("GET /readyz")).toMatchObject({ status: 200, body: { status: "ready" } });
    await server.stop();
  });

  test("lives on without its database, says so, and is back with it", async () => {
    const server = await startTestServer();
    const { pathname } = new URL(server.databaseUrl);
    await data.database.$executeRawUnsafe(`alter database ${pathname.slice(1)} with allow_connections false`);
    await data.database
      .$executeRaw`select pg_terminate_backend(pid, 60000) from pg_stat_activity where datname = ${pathname.slice(1)}`;
    expect((await server.call("GET /healthz")).status).toBe(200);
    expect((await server.call("GET /readyz")).status).toBe(503);
    expect(await server.call("POST /api/guests")).toMatchObject({
      status: 503,
      body: { code: "unavailable", retryAfter: 2 },
    });
    await data.database.$executeRawUnsafe(`alter database ${pathname.slice(1)} with allow_connections true`);
    expect((await server.call("POST /api/guests")).status).toBe(201);
    await server.stop();
  });

  test("serves the viewer at / and nowhere else, with what never changes kept for ever", async () => {
    const viewerDir = join(directory, "viewer");
    await mkdir(join(viewerDir, "assets"), { recursive: true });
    await writeFile(join(viewerDir, "index.html"), "<!doctype html><title>viewer</title>");
    await writeFile(join(viewerDir, "assets", "app-abc123.js"), "export {};");
    const server = await startTestServer({ viewerDir });
    const index = await server.call("GET /");
    expect(index.bytes.toString()).toContain("viewer");
    expect(index.headers.get("cache-control")).toBe("no-cache");
    expect(index.headers.get("content-security-policy")).toContain("require-trusted-types-for 'script'");
    const asset = await server.call("GET /assets/app-abc123.js");
    expect(asset.headers.get("cache-control")).toContain("immutable");
    for (const path of ["/nothing", "/chat/x", "/assets/none.js", "/..%2f..%2fpackage.json", "/.env"]) {
      const { status, body } = await server.call(`GET ${path}`);
      expect([path, status, body]).toEqual([path, 404, "There is nothing here.\n"]);
    }
    await server.stop();
  });

  test("does not start on a port that is taken, nor without a readable vault, and leaves nothing open", async () => {
    const holder = createTcpServer().listen(0, "127.0.0.1");
    await once(holder, "listening");
    const address = holder.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const config = {
      host: "127.0.0.1",
      port,
      publicUrl: null,
      databaseUrl: data.databaseUrl,
      databasePool: 2,
      redisUrl: null,
      dataDir: directory,
      viewerDir: directory,
      vaultKeys: randomBytes(32).toString("base64"),
      mate: { type: "demo" },
      mail: { type: "none" },
      google: null,
      logLevel: "silent",
      trustedProxies: 0,
      metrics: null,
    } as const;
    await expect(createServer(config)).rejects.toMatchObject({ code: "EADDRINUSE" });
    await expect(createServer({ ...config, vaultKeys: "no key" })).rejects.toMatchObject({ code: "bad_keys" });
    holder.close();
    // PostgreSQL takes its time to see that somebody has hung up.
    await until(async () => {
      const connections = await data.database.$queryRaw<{ count: number }[]>`
        select count(*)::int as count from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;
      return (connections[0]?.count ?? 0) <= 4;
    });
  });
});

describe("the process", () => {
  let own: TestDatabase;
  beforeAll(async () => {
    own = await createTestDatabase();
  });
  afterAll(() => own.stop());

  const env = () => ({ PATH: process.env.PATH ?? "", PORT: "0", DATABASE_URL: own.databaseUrl, DATA_DIR: directory });

  async function start(environment: Record<string, string>) {
    const child = fork(MAIN, { env: environment, stdio: ["ignore", "pipe", "pipe", "ipc"] });
    let [stdout, stderr] = ["", ""];
    const ready = new Promise<void>((resolve) => {
      child.stdout?.on("data", (chunk: Buffer) => {
        stdout += chunk.toString();
        if (/^ready .*\n/m.test(stdout)) resolve();
      });
    });
    child.stderr?.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    // With its last words, which may come behind its end.
    const silent = [child.stdout, child.stderr].map((stream) => stream && once(stream, "end"));
    const exited = Promise.all([once(child, "exit"), ...silent]).then(([how]) => how as [number | null, string | null]);
    await Promise.race([exited, ready]);
    return { child, exited, output: () => ({ stdout, stderr }) };
  }

  test("prints where it listens, and ends with what it was doing done", async () => {
    const { child, exited, output } = await start(env());
    expect(output().stderr).toBe("");
    expect(output().stdout).toMatch(/^ready http:\/\/127\.0\.0\.1:\d+\n$/);
    child.kill("SIGTERM");
    expect(await exited).toEqual([0, null]);
    expect(output().stderr).toBe("");
  });

  test("logs what was asked by its pattern: no address, name, query, header or body", async () => {
    const { child, exited, output } = await start({ ...env(), LOG_LEVEL: "debug" });
    const url = /ready (\S+)/.exec(output().stdout)?.[1] ?? "";
    const json = (body: unknown) => ({
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    });
    const chat = newId<ChatId>();
    const { session } = (await (await fetch(`${url}/api/guests`, { method: "POST" })).json()) as { session: string };
    await fetch(`${url}/api/chats/${chat}?after=SECRET`, { headers: { authorization: `Bearer ${session}` } });
    await fetch(`${url}/api/chats/${chat}`, { headers: { authorization: "Bearer SECRET", "user-agent": "SECRET" } });
    await fetch(`${url}/api/chats`, json({ SECRET: "SECRET" }));
    await fetch(`${url}/SECRET?SECRET`);
    await fetch(`${url}/share/chat/${chat}`);
    child.kill("SIGTERM");
    await exited;
    const { stdout, stderr } = output();
    expect(stdout).toContain('"route":"/api/chats/:chat"');
    expect(stdout).toContain('"route":"/share/chat/:id"');
    for (const secret of ["SECRET", chat, session, "127.0.0.1:", "remoteAddress"]) {
      expect((stdout + stderr).replaceAll(url, "")).not.toContain(secret);
    }
  });

  test("ends with whoever started it", async () => {
    const { child, exited } = await start(env());
    child.disconnect();
    expect(await exited).toEqual([0, null]);
  });

  test.each([
    ["DATABASE_URL", "", /DATABASE_URL is not set/],
    ["DATABASE_URL", "mysql://user:SECRET@host/db", /DATABASE_URL is not valid: a postgres URL is expected/],
    ["PORT", "SECRET", /PORT is not valid: a number from 0 to 65535/],
    ["PORT", "70000", /PORT is not valid/],
    ["PUBLIC_URL", "SECRET", /PUBLIC_URL is not valid/],
    ["PUBLIC_URL", "https://share.example.org/SECRET", /PUBLIC_URL is not valid: an http or https URL without a path/],
    ["LOG_LEVEL", "SECRET", /LOG_LEVEL is not valid: one of/],
    ["VAULT_KEY", "SECRET", /vault's keys cannot be read/],
  ])("says what is wrong with %s=%s, and does not repeat it", async (name, value, says) => {
    const { exited, output } = await start({ ...env(), [name]: value });
    expect(await exited).toEqual([1, null]);
    expect(output().stderr).toMatch(says);
    expect(output().stderr).not.toContain("SECRET");
  });
});
