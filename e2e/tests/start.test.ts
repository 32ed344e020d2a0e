import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { memoryStore, messageText, ShareClient, textParts } from "@openmates-share/client";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

const START = fileURLToPath(new URL("../../scripts/start.mjs", import.meta.url));

/** `npm start`, as it runs when everything is installed and built. */
interface Start {
  readonly child: ChildProcess;
  readonly pid: number;
  output(): string;
  /** Resolves with the URL of the ready line. */
  readonly ready: Promise<string>;
  /** Resolves with the exit code, null when it was killed, when it and all that holds its output is gone. */
  readonly ended: Promise<number | null>;
}

/** A data folder of an installation that was started once: making the database is most of what a first start does. */
let prepared: string;
let dataDir: string;
const started: Start[] = [];

beforeAll(async () => {
  prepared = await newFolder();
  const first = start({ DATA_DIR: prepared });
  await first.ready;
  await stop(first);
});
afterAll(() => rm(prepared, { recursive: true, force: true }));

beforeEach(async () => {
  dataDir = await newFolder();
  // With its owners: PostgreSQL takes no folder of somebody else's.
  await promisify(execFile)("cp", ["-a", `${prepared}/.`, dataDir]);
});
afterEach(async () => {
  for (const { child, ended } of started.splice(0)) {
    child.kill("SIGTERM");
    await ended;
  }
  await rm(dataDir, { recursive: true, force: true });
});

function newFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "openmates-share-start-"));
}

function start(env: Readonly<Record<string, string>> = {}): Start {
  const child = spawn(process.execPath, [START], {
    env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", DATA_DIR: dataDir, PORT: "0", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const ended = once(child, "close").then(([code]): number | null => (typeof code === "number" ? code : null));
  const ready = new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        const url = /^ready (http:\S+)$/m.exec(output)?.[1];
        if (url !== undefined) resolve(url);
      });
    }
    void ended.then(() => reject(new Error(`npm start ended:\n${output}`)));
  });
  ready.catch(() => undefined);
  if (child.pid === undefined) throw new Error("npm start has no process");
  const run = { child, pid: child.pid, output: () => output, ready, ended };
  started.push(run);
  return run;
}

async function stop({ child, ended }: Start): Promise<number | null> {
  child.kill("SIGTERM");
  return await ended;
}

/** Shares a chat and returns its key, as a link needs it. */
async function share(url: string): Promise<string> {
  const client = new ShareClient({ server: url, store: memoryStore() });
  const message = { role: "user" as const, name: "", parts: textParts("Still here?"), time: null, model: null };
  const shared = await client.share({ title: "To be kept", messages: [message] }, { mode: "read-only" });
  await client.close();
  return shared.url;
}

/** The first message behind a link, as a stranger reads it from the server at `url`. */
async function read(url: string, link: string): Promise<string | undefined> {
  const client = new ShareClient({ server: url, store: memoryStore() });
  const room = await client.open(link.replace(new URL(link).origin, url), { live: false });
  const { messages } = await room.whenComplete();
  await client.close();
  const body = messages.at(1)?.body;
  return body?.type === "content" && body.content.type === "message" ? messageText(body.content) : undefined;
}

async function postmaster(): Promise<number> {
  return Number((await readFile(join(dataDir, "postgres/postmaster.pid"), "utf8")).split("\n")[0]);
}

async function childrenNoted(): Promise<number[]> {
  const note = JSON.parse(await readFile(join(dataDir, "start.lock"), "utf8"));
  return note.children.map(({ pid }: { pid: number }) => pid);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch {
    return false;
  }
}

/** One that has ended and whose end nobody has asked for yet: orphans wait for the system to do it. */
function isZombie(pid: number): boolean {
  const stat = `/proc/${pid}/stat`;
  return existsSync(stat) && /\) Z /.test(readFileSync(stat, "utf8"));
}

describe("npm start", () => {
  test("prints one ready line, serves the viewer and the API there, and ends with 0 when asked", async () => {
    await rm(dataDir, { recursive: true });
    const run = start();
    const url = await run.ready;
    expect((await fetch(new URL("/readyz", url))).status).toBe(200);
    expect(await (await fetch(url)).text()).toContain("<title>OpenMates Share</title>");
    const children = [...(await childrenNoted()), await postmaster()];
    expect(await stop(run)).toBe(0);
    expect(run.output().match(/^ready /gm)).toHaveLength(1);
    expect(run.output()).not.toContain("PUBLIC_URL");
    expect(children.filter(isRunning)).toEqual([]);
    expect(existsSync(join(dataDir, "start.lock"))).toBe(false);
  });

  test("finds its data again, and prints no password", async () => {
    const first = start();
    const link = await share(await first.ready);
    const { password } = JSON.parse(await readFile(join(dataDir, "postgres.json"), "utf8"));
    expect((await stat(join(dataDir, "postgres.json"))).mode & 0o777).toBe(0o600);
    await stop(first);
    const second = start();
    expect(await read(await second.ready, link)).toBe("Still here?");
    await stop(second);
    expect(first.output() + second.output()).not.toContain(password);
  });

  test("leaves nothing running when it is killed, and starts again with its data", async () => {
    const first = start();
    const link = await share(await first.ready);
    const children = await childrenNoted();
    expect(children).toHaveLength(2);
    process.kill(first.pid, "SIGKILL");
    // Right away, while they are still ending: the second start waits for them.
    const second = start();
    expect(await read(await second.ready, link)).toBe("Still here?");
    expect(children.filter(isRunning)).toEqual([]);
    expect(await stop(second)).toBe(0);
  });

  test("ends a database that was left running without its guard, and starts again", async () => {
    const first = start();
    await first.ready;
    const orphan = await postmaster();
    for (const pid of [first.pid, ...(await childrenNoted())]) process.kill(pid, "SIGKILL");
    await first.ended;
    const second = start();
    await second.ready;
    expect(await postmaster()).not.toBe(orphan);
    expect(isRunning(orphan)).toBe(false);
    expect(await stop(second)).toBe(0);
  });

  test("is not stopped by a note of a database whose number now belongs to another process", async () => {
    await writeFile(join(dataDir, "postgres/postmaster.pid"), `${process.pid}\n${join(dataDir, "postgres")}\n`);
    const run = start();
    await run.ready;
    expect(await stop(run)).toBe(0);
  });

  test("ends with 1 and says why when a part ends", async () => {
    const run = start();
    await run.ready;
    const [, server] = await childrenNoted();
    if (server === undefined) throw new Error("there is a server");
    process.kill(server, "SIGKILL");
    expect(await run.ended).toBe(1);
    expect(run.output()).toContain("the server ended (SIGKILL)");
    expect(existsSync(join(dataDir, "start.lock"))).toBe(false);
  });

  test("says that another one is using the data, and leaves that one alone", async () => {
    const first = start();
    const url = await first.ready;
    const second = start();
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(`already running with the data in ${dataDir} (process ${first.pid})`);
    expect((await fetch(new URL("/readyz", url))).status).toBe(200);
  });

  test("says which port is taken and how to choose another", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const run = start({ PORT: String(port) });
    expect(await run.ended).toBe(1);
    expect(run.output()).toContain(`Port ${port} is taken by another program. Choose another one: PORT=`);
    other.close();
  });

  test("says which PostgreSQL a database of another version needs", async () => {
    await writeFile(join(dataDir, "postgres/PG_VERSION"), "16\n");
    const run = start();
    expect(await run.ended).toBe(1);
    expect(run.output()).toContain("was made by PostgreSQL 16, and this version brings PostgreSQL 18");
  });

  test.each([
    [{ PORT: "http" }, "PORT=http is no port."],
    [{ PORT: "65536" }, "PORT=65536 is no port."],
    [{ HOST: "192.0.2.1", PORT: "4999" }, "HOST=192.0.2.1 is no address of this machine."],
    [{ PUBLIC_URL: "share.example.org" }, "PUBLIC_URL is not an address."],
    [
      { PUBLIC_URL: "https://example.org/share/" },
      "PUBLIC_URL has to end with the host: https://example.org. Behind a path",
    ],
    [{ DATABASE_URL: "mysql://root:hunter22@db" }, "DATABASE_URL is not the address of a PostgreSQL."],
    [
      { DATABASE_URL: "postgresql://a:hunter22@127.0.0.1:1/x" },
      "DATABASE_URL names 127.0.0.1:1, and no PostgreSQL answers there",
    ],
    [{ DATA_DIR: "/dev/null/data" }, "Nothing can be written to DATA_DIR=/dev/null/data"],
    // There folders are missing and can't be made.
    [{ DATA_DIR: "/proc/nope/data" }, "Nothing can be written to DATA_DIR=/proc/nope/data"],
  ])("refuses %o with a sentence and no secret", async (env, sentence) => {
    const run = start(env);
    expect(await run.ended).toBe(1);
    expect(run.output()).toContain(sentence);
    expect(run.output()).not.toContain("hunter22");
    expect(run.output()).not.toMatch(/^\s+at /m);
  });

  test("says how links lead here when other machines can reach it and nobody said by which address", async () => {
    const run = start({ HOST: "0.0.0.0" });
    await run.ready;
    expect(run.output()).toContain("Set PUBLIC_URL to the address that people reach it at");
  });

  test("starts without the Slack app and says what it lacks when that is set up by half", async () => {
    const run = start({ SLACK_BOT_TOKEN: "xoxb-only" });
    await run.ready;
    expect(run.output()).toContain("The Slack bot is not started: SLACK_SIGNING_SECRET");
    expect(run.output()).not.toContain("xoxb-only");
  });
});
