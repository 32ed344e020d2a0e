import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { memoryStore, ShareClient, textParts } from "@openmates-share/client";
import { createDatabase, migrate } from "@openmates-share/prisma";
import { chromium } from "playwright-core";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const CHROMIUM = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
const ARGUMENTS = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--no-first-run"];

/**
 * The real parts that measurements run on, each started when it is first asked for: PostgreSQL, the built server, Chromium.
 * @param {{ messages: number }} options `messages`: of the long chat
 */
export async function startStage({ messages }) {
  /** @type {(() => Promise<unknown>)[]} */
  const ends = [];
  const server = whenAsked(() => startServer(ends));
  const browser = whenAsked(async () => {
    const launched = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
    ends.push(() => launched.close());
    return launched;
  });
  const shortChat = whenAsked(async () => share(await server(), 10));
  const longChat = whenAsked(async () => share(await server(), messages));
  return {
    dist: join(ROOT, "viewer/dist"),
    messages,
    browser,
    /** Links. */
    shortChat,
    longChat,
    async stop() {
      for (const end of ends.splice(0).reverse()) await end();
    },
  };
}

/**
 * @template T
 * @param {() => Promise<T>} start
 * @returns {() => Promise<T>}
 */
function whenAsked(start) {
  /** @type {Promise<T> | null} */
  let started = null;
  return () => {
    started ??= start();
    return started;
  };
}

/** @param {(() => Promise<unknown>)[]} ends */
async function startServer(ends) {
  const services = spawn(process.execPath, [join(ROOT, "scripts/test-services.mjs")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  ends.push(async () => {
    services.stdin.end();
    await once(services, "close");
  });
  const [line] = await once(createInterface({ input: services.stdout }), "line");
  const admin = /^TEST_DATABASE_URL=(\S+)$/.exec(String(line))?.[1];
  if (admin === undefined) throw new Error("PostgreSQL does not start.");
  const name = `bench_${process.pid}`;
  const database = createDatabase({ databaseUrl: admin, poolSize: 1 });
  await database.$executeRawUnsafe(`create database ${name}`);
  await database.$disconnect();
  const databaseUrl = admin.replace(/\/[^/]*$/, `/${name}`);
  await migrate({ databaseUrl });
  const dataDir = await mkdtemp(join(tmpdir(), "openmates-share-bench-"));
  ends.push(() => rm(dataDir, { recursive: true, force: true }));
  const child = spawn(process.execPath, [join(ROOT, "realtime/dist/main.js")], {
    env: { PATH: process.env.PATH, HOST: "127.0.0.1", PORT: "0", DATA_DIR: dataDir, DATABASE_URL: databaseUrl },
    stdio: ["ignore", "pipe", "inherit"],
  });
  ends.push(async () => {
    child.kill("SIGTERM");
    await once(child, "close");
  });
  for await (const text of createInterface({ input: child.stdout })) {
    const url = /^ready (\S+)$/.exec(text)?.[1];
    if (url !== undefined) {
      child.stdout.resume();
      return url;
    }
  }
  throw new Error("The server does not start.");
}

const WORDS = "rivers bend where old bridges carry trains across water and stone while people walk home".split(" ");

/** @param {number} index */
function text(index) {
  const words = (/** @type {number} */ count) =>
    Array.from({ length: count }, (_, at) => WORDS[(index * 7 + at * 3) % WORDS.length]).join(" ");
  if (index % 2 === 0) return `Question ${index / 2 + 1}: ${words(12)}?`;
  if (index % 5 === 1) return `\`\`\`python\n${"value = 1\n".repeat(2 + (index % 23))}\`\`\``;
  if (index % 5 === 3) return `## ${words(3)}\n\n- ${words(7)}\n- **${words(3)}** ${words(9)}\n\n${words(60)}`;
  return Array.from({ length: 1 + (index % 6) }, () => words(60)).join("\n\n");
}

/**
 * @param {string} server
 * @param {number} length
 */
async function share(server, length) {
  const client = new ShareClient({ server, store: memoryStore() });
  const messages = Array.from({ length }, (_, index) => ({
    role: index % 2 === 0 ? "user" : "assistant",
    name: "",
    parts: textParts(text(index)),
    time: 1_700_000_000_000 + index * 60_000,
    model: null,
  }));
  try {
    const { url } = await client.share({ title: `${length} messages`, messages }, { mode: "read-only", name: "Ada" });
    return url;
  } finally {
    await client.close();
  }
}
