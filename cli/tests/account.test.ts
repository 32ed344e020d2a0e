import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { startGoogle, type TestGoogle } from "@openmates-share/testing/google";
import { codeIn, startMail, type TestMail } from "@openmates-share/testing/mail";
import { type ServerProcess, startServer } from "@openmates-share/testing/server-process";
import { afterAll, beforeAll, expect, it } from "vitest";
import { run } from "../src/program.ts";
import type { Outcome } from "./fake-terminal.ts";

const EMAIL = "ada@example.org";

let database: TestDatabase;
let mail: TestMail;
let google: TestGoogle;
let server: ServerProcess;
const homes: string[] = [];

beforeAll(async () => {
  [database, mail, google] = await Promise.all([createTestDatabase(), startMail(), startGoogle()]);
  const env = { ...mail.env, ...google.env, ...google.desktopEnv };
  server = await startServer({ databaseUrl: database.databaseUrl, env });
});
afterAll(async () => {
  await server?.stop();
  await mail?.stop();
  await google?.stop();
  await database?.stop();
  await Promise.all(homes.map((home) => rm(home, { recursive: true, force: true })));
});

async function newHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), "omshare-account-"));
  homes.push(home);
  return home;
}

/** Somebody at a terminal, who answers what is asked. */
async function atTerminal(
  home: string,
  args: readonly string[],
  answers: Readonly<Record<string, () => Promise<string> | string>> = {},
): Promise<Outcome> {
  const stream = () => Object.assign(new PassThrough(), { isTTY: true });
  const [stdin, stdout, stderr] = [stream(), stream(), stream()];
  const said = { stdout: "", stderr: "" };
  const asked = new Set<string>();
  stdout.on("data", (chunk: Buffer) => {
    said.stdout += chunk.toString();
  });
  stderr.on("data", (chunk: Buffer) => {
    said.stderr += chunk.toString();
    for (const [question, answer] of Object.entries(answers)) {
      if (asked.has(question) || !said.stderr.includes(question)) continue;
      asked.add(question);
      void Promise.resolve(answer()).then((text) => stdin.write(`${text}\r`));
    }
  });
  const interrupt = new AbortController();
  const env = { OMSHARE_HOME: home, OMSHARE_SERVER: server.url };
  const setup = { stdin, stdout, stderr, env, signal: interrupt.signal, interrupt: () => interrupt.abort() };
  return { code: await run(args, setup), ...said };
}

const login = (home: string) =>
  atTerminal(home, ["login"], {
    "E-mail address: ": () => EMAIL,
    "Code: ": async () => codeIn(await mail.to(EMAIL)),
  });

it("signs in by mail, says who that is and where, and signs out", async () => {
  const home = await newHome();
  const file = join(home, "notes.txt");
  await writeFile(file, "User: When is high water?\nAssistant: At six.\n");
  expect((await atTerminal(home, ["share", file])).code).toBe(0);

  expect(await login(home)).toMatchObject({ code: 0, stdout: "" });
  expect((await atTerminal(home, ["whoami"])).stdout).toBe(`${EMAIL}\temail\n`);
  const listed = await atTerminal(home, ["sessions", "--json"]);
  expect(JSON.parse(listed.stdout)).toMatchObject([{ current: true, device: expect.stringContaining("omshare on ") }]);
  expect(await database.database.identity.count()).toBe(1);
  expect(await database.database.chat.count()).toBe(1);

  expect((await atTerminal(home, ["logout"])).code).toBe(0);
  const nobody = await atTerminal(home, ["whoami", "--json"]);
  expect(JSON.parse(nobody.stdout)).toEqual({ signedIn: false, identities: [] });
  expect((await atTerminal(home, ["list"])).stdout).toContain("owner");
  expect((await atTerminal(home, ["logout", "--forget"])).code).toBe(0);
  expect((await atTerminal(home, ["list"])).stdout).toBe("");
});

it("writes neither address nor code into the keys' directory", async () => {
  const home = await newHome();
  await login(home);
  const [directory = ""] = await readdir(home);
  const files = await readdir(join(home, directory));
  const bytes = await Promise.all(files.map((name) => readFile(join(home, directory, name))));
  expect(Buffer.concat(bytes).includes(EMAIL)).toBe(false);
});

it("refuses a wrong code in words", async () => {
  const wrong = await atTerminal(await newHome(), ["login", EMAIL], { "Code: ": () => "000000" });
  expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining("This code is not right") });
});

/** Begins to sign in with Google; `goes` gets the address that was printed, as the person's browser would. */
async function withGoogle(home: string, goes: (address: URL) => Promise<unknown>): Promise<Outcome> {
  let printed: RegExpExecArray | null = null;
  const { stdin, ...outputs } = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  const said = { stdout: "", stderr: "" };
  const interrupt = new AbortController();
  for (const name of ["stdout", "stderr"] as const) {
    outputs[name].on("data", (chunk: Buffer) => {
      said[name] += chunk.toString();
      const found = /^https?:\S+$/m.exec(said.stderr);
      if (!found || printed) return;
      printed = found;
      goes(new URL(found[0])).catch(() => interrupt.abort());
    });
  }
  const env = { OMSHARE_HOME: home, OMSHARE_SERVER: server.url };
  const setup = { stdin, ...outputs, env, signal: interrupt.signal, interrupt: () => interrupt.abort() };
  return { code: await run(["login", "--google", "--no-browser"], setup), ...said };
}

it("signs in with Google by a browser that comes back to a port of its own", async () => {
  const home = await newHome();
  google.signInAs({ sub: "10001", email: "grace@gmail.com" });
  const done = await withGoogle(home, async (address) => {
    expect(address.searchParams.get("code_challenge_method")).toBe("S256");
    expect(address.searchParams.get("redirect_uri")).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    const page = await fetch(address);
    expect(await page.text()).toContain("You can close this window");
  });
  expect({ ...done, stderr: done.stderr.split("\n").at(-2) }).toEqual({
    code: 0,
    stdout: "",
    stderr: "You are signed in.",
  });
  expect((await atTerminal(home, ["whoami"])).stdout).toContain("grace@gmail.com\tgoogle\n");
});

it("takes nothing from a page that somebody else sends back, and hears of a sign-in that was called off", async () => {
  const home = await newHome();
  const done = await withGoogle(home, async (address) => {
    const back = new URL(address.searchParams.get("redirect_uri") ?? "");
    const forged = await fetch(new URL("?state=of-somebody-else&code=4/abc", back));
    expect(forged.status).toBe(404);
    await fetch(new URL(`?state=${address.searchParams.get("state")}&error=access_denied`, back));
  });
  expect(done.code).toBe(3);
  expect(done.stderr).toContain("The sign-in was called off at Google.");
  expect((await atTerminal(home, ["whoami"])).stdout).toBe("");
});
