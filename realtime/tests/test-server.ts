import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decode, encode } from "@msgpack/msgpack";
import { MSGPACK } from "@openmates-share/protocol/wire";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import type { Config } from "../src/config.ts";
import { createServer } from "../src/server.ts";

export interface Call {
  readonly session?: string;
  readonly link?: string;
  readonly json?: unknown;
  readonly msgpack?: unknown;
  /** Sent as it is, with `type`. */
  readonly raw?: string | Uint8Array<ArrayBuffer>;
  readonly type?: string;
  readonly headers?: Record<string, string>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Decoded; null when empty. */
  readonly body: unknown;
  readonly bytes: Buffer;
}

/** The whole server on a port and a database of its own. */
export interface TestServer extends TestDatabase {
  readonly url: string;
  readonly config: Config;
  call(route: string, call?: Call): Promise<Answer>;
  guest(): Promise<string>;
}

export async function startTestServer(overrides: Partial<Config> = {}): Promise<TestServer> {
  const database = await createTestDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), "share-data-"));
  const config: Config = {
    host: "127.0.0.1",
    port: 0,
    publicUrl: null,
    databaseUrl: database.databaseUrl,
    databasePool: 5,
    redisUrl: null,
    dataDir,
    viewerDir: join(dataDir, "no-viewer"),
    vaultKeys: randomBytes(32).toString("base64"),
    mate: { type: "demo" },
    mail: { type: "none" },
    google: null,
    logLevel: "silent",
    trustedProxies: 0,
    metrics: null,
    ...overrides,
  };
  const server = await createServer(config);
  const call = (route: string, options: Call = {}) => send(server.url, route, options);
  return {
    ...database,
    url: server.url,
    config,
    call,
    async guest() {
      const { body } = await call("POST /api/guests");
      return (body as { session: string }).session;
    },
    async stop() {
      await server.stop();
      await database.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function send(base: string, route: string, call: Call): Promise<Answer> {
  const [method = "GET", path = "/"] = route.split(" ");
  const response = await fetch(base + path, {
    method,
    headers: headersOf(call),
    body: bodyOf(call),
    redirect: "manual",
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, bytes, body: read(response, bytes) };
}

function headersOf({ session, link, json, msgpack, type, headers }: Call): Record<string, string> {
  const bearer = session ?? link;
  const contentType = type ?? (json === undefined ? (msgpack === undefined ? undefined : MSGPACK) : "application/json");
  return {
    ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
    ...(session !== undefined && link !== undefined ? { "x-share-link": link } : {}),
    ...(contentType === undefined ? {} : { "content-type": contentType }),
    ...headers,
  };
}

function bodyOf({ json, msgpack, raw }: Call): string | Uint8Array<ArrayBuffer> | null {
  if (raw !== undefined) return raw;
  if (json !== undefined) return JSON.stringify(json);
  return msgpack === undefined ? null : encode(msgpack);
}

function read(response: Response, bytes: Buffer): unknown {
  if (bytes.length === 0) return null;
  const type = response.headers.get("content-type") ?? "";
  if (type.startsWith(MSGPACK)) return decode(new Uint8Array(bytes));
  return type.startsWith("application/json") ? JSON.parse(bytes.toString()) : bytes.toString();
}
