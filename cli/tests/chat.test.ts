import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memoryStore, openKept, type Room, type RoomState, ShareClient } from "@openmates-share/client";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { inTime } from "@openmates-share/testing/in-time";
import { startModel, type TestModel } from "@openmates-share/testing/model";
import { type ServerProcess, startServer } from "@openmates-share/testing/server-process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Device } from "./device.ts";
import { type Outcome, runHere } from "./fake-terminal.ts";
import { Sitting } from "./sitting.ts";

let database: TestDatabase;
/** Without a model, so that the demo answers. */
let server: ServerProcess;
let owner: Person;
let guest: Person;
let link: string;
const homes: string[] = [];

/** A device of its own, whose commands run in this process. */
class Person {
  readonly env: Readonly<Record<string, string>>;

  constructor(home: string) {
    homes.push(home);
    this.env = { OMSHARE_HOME: home, OMSHARE_SERVER: server.url };
  }

  run(args: readonly string[], { input = "" } = {}): Promise<Outcome> {
    return runHere(args, { input, env: this.env });
  }

  /** Runs what has to work, and returns its result. */
  async result(args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(args);
    if (code !== 0) throw new Error(`omshare ${args[0]} ended with ${code}: ${stderr}`);
    return stdout.trimEnd();
  }
}

const newHome = () => mkdtemp(join(tmpdir(), "omshare-chat-"));

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServer({ databaseUrl: database.databaseUrl });
  [owner, guest] = [new Person(await newHome()), new Person(await newHome())];
  const file = join(await newHome(), "notes.txt");
  await writeFile(file, "User: When is high water?\nAssistant: At six.\n");
  link = await owner.result(["share", file, "--collaborative", "--name", "Ada"]);
});
afterAll(async () => {
  await server?.stop();
  await database?.stop();
  await Promise.all(homes.map((home) => rm(home, { recursive: true, force: true })));
});

async function sitDown(...args: string[]): Promise<Sitting> {
  return new Sitting(["chat", ...args], new Person(await newHome()).env);
}

describe("omshare chat in a pipe", () => {
  it("sends its input as one message and ends when that is stored", async () => {
    const sent = await guest.run(["chat", link, "--name", "Grace"], { input: "At seven,\nI think.\n" });
    expect(sent).toMatchObject({ code: 0, stdout: "", stderr: "Sent.\n" });
    const read = await owner.result(["open", link]);
    expect(read).toContain("Grace");
    expect(read).toContain("  At seven,\n  I think.");
  });

  it("asks and prints the answer alone, and asks nothing that nobody agreed to", async () => {
    const refused = await guest.run(["chat", link, "--ask", "Why at seven?"]);
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    expect(refused.stderr).toContain("messages go, in clear:");
    expect(refused.stderr).toContain("--yes");
    expect(await owner.result(["open", link])).not.toContain("Why at seven?");
    const asked = await guest.run(["chat", link, "--ask", "Why at seven?", "--yes"]);
    expect(asked.code).toBe(0);
    expect(asked.stdout.trim()).not.toBe("");
    expect(asked.stderr).toContain("built-in demo");
    expect(await owner.result(["open", link])).toContain("@OpenMates Why at seven?");
  });

  it("follows until it is interrupted, and shows nothing that a terminal would obey", async () => {
    let writing: Promise<string> | null = null;
    const device = await Device.create(server.url);
    const followed = await device.run(["chat", link, "--follow", "--last", "2"], {
      onOutput: (stdout, child) => {
        writing ??= guest.result(["send", link, "Look: \u001b[2J\u202eevil", "--name", "Grace"]);
        if (stdout.includes("Look: ")) child.kill("SIGINT");
      },
    });
    await writing;
    await device.forget();
    expect(followed.code).toBe(130);
    expect(followed.stdout).toMatch(/^\[\d+\] .*Grace: Look: \[2Jevil$/m);
    expect(followed.stdout).not.toContain("At six.");
  });

  it("can't write by a link that is for reading", async () => {
    const readOnly = await owner.result(["fork", link, "--link"]);
    const refused = await guest.run(["chat", readOnly, "--name", "Grace"], { input: "Hello?\n" });
    expect(refused).toMatchObject({ code: 3, stdout: "", stderr: "omshare: This link is for reading only.\n" });
  });
});

describe("omshare chat at a terminal", () => {
  it("reads, writes, replies, reacts, and leaves at Ctrl-C", async () => {
    const ada = await sitDown(link);
    await ada.sees("Your name in the chat [Guest]: ");
    ada.type("Bea");
    await ada.sees("[1] Ada: When is high water?");
    await ada.sees("[2]");
    const bob = await sitDown(link, "--name", "Bob");
    await bob.sees("/help");
    await ada.sees("Bob joined.");
    bob.type("Hello, Bea");
    await ada.sees(/\[\d+\] \d\d:\d\d Bob: Hello, Bea/);
    const [, number = ""] = /\[(\d+)\] \d\d:\d\d Bob: Hello, Bea/.exec(ada.screen) ?? [];
    ada.type(`/reply ${number} And you`);
    await bob.sees(`Bea: (to [${number}]) And you`);
    ada.type(`/react ${number} 👍`);
    await bob.sees(`Bea put 👍 to [${number}].`);
    ada.type("/who");
    await ada.sees("Bob");
    ada.type("/nonsense");
    await ada.sees("There is no such command");
    ada.ctrlC();
    expect(await ada.done).toBe(0);
    await bob.sees("Bea has left.");
    bob.type("/quit");
    expect(await bob.done).toBe(0);
  });

  it("shows what goes to the model, asks when that is agreed to, and shows the answer as it comes", async () => {
    const bea = await sitDown(link, "--name", "Bea", "--last", "1");
    await bea.sees("/help");
    bea.type("@OpenMates, is it high now?");
    await bea.sees("messages go, in clear:");
    await bea.sees("Bea: @OpenMates, is it high now?");
    await bea.sees("Ask? [y/N] ");
    bea.type("n");
    await bea.sees("Sent without asking.");
    bea.type("@OpenMates, and now?");
    await bea.sees("Ask? [y/N] ");
    bea.type("y");
    await bea.sees(/OpenMates:/);
    await bea.sees(/That was \[\d+\]\.|\[\d+\] \d\d:\d\d OpenMates:/);
    bea.ctrlC();
    expect(await bea.done).toBe(0);
  });
});

describe("omshare chat with a model of one's own", () => {
  let model: TestModel;
  let flags: readonly string[];
  beforeAll(async () => {
    model = await startModel();
    flags = ["--model-url", model.env.OPENAI_BASE_URL, "--model", "llama3"];
  });
  afterAll(() => model?.stop());

  it("answers what is asked here, in the place of the server's", async () => {
    model.answer("neap tide", { text: "Next **week**." });
    const ask = ["chat", link, "--name", "Grace", "--ask", "When is the neap tide?", ...flags];
    const shown = await guest.run(ask);
    expect(shown).toMatchObject({ code: 2, stdout: "" });
    expect(shown.stderr).toContain("To your own model llama3");
    expect(model.requests()).toEqual([]);
    const asked = await guest.run([...ask, "--yes"]);
    expect(asked).toMatchObject({ code: 0, stdout: "Next **week**.\n" });
    expect(model.requests().at(-1)?.at(-1)).toBe("Grace: @OpenMates When is the neap tide?");
    expect(await owner.result(["open", link])).toContain("Next **week**.");
  });

  it("answers others who ask it while one is there, with what they chose", async () => {
    model.answer("spring tide", { text: "At the *full* moon.", pause: 10 });
    const bea = await sitDown(link, "--name", "Bea", "--last", "1", ...flags, "--answer-others");
    await bea.sees("/help");
    const client = new ShareClient({ server: server.url, store: memoryStore() });
    const room = await client.open(link, { name: "Tim" });
    await room.whenLive();
    await room.join("Tim");
    const offered = await until(room, ({ people }) => people.find((one) => one.model === "llama3" && one.present));
    const message = await room.send("@OpenMates, and the spring tide?", { asks: { of: offered.sender, along: [] } });
    // As it grows, or whole when it was stored before a piece of it was shown.
    await bea.sees(/Bea’s own model: (\(to \[\d+\]\) )?At the/);
    await bea.sees("moon.");
    expect(model.requests().at(-1)?.slice(1)).toEqual(["Tim: @OpenMates, and the spring tide?"]);
    const answer = await until(room, ({ messages }) =>
      messages.loaded.find(
        ({ body }) => body.type === "content" && "replyTo" in body.content && body.content.replyTo === message,
      ),
    );
    expect(answer.sender).toBe(offered.sender);
    bea.ctrlC();
    expect(await bea.done).toBe(0);
    await until(room, ({ people }) => people.every((one) => one.model === null));
    await client.close();
  });

  it("needs an address and a name, and no key on the command line", async () => {
    for (const half of [["--model", "llama3"], ["--model-url", "http://127.0.0.1:1"], ["--answer-others"]]) {
      expect((await guest.run(["chat", link, "--ask", "Hm?", "--yes", ...half])).code).toBe(2);
    }
  });
});

/** Resolves with what `look` finds in a room, as soon as it does. @throws Error that says what is there instead */
function until<T>(room: Room, look: (state: RoomState) => T | undefined | false): Promise<T> {
  const coming = new Promise<T>((resolve) => {
    const check = (state: RoomState) => {
      const found = look(state);
      if (!found) return;
      queueMicrotask(() => unsubscribe());
      resolve(found);
    };
    const unsubscribe = room.subscribe(check);
    check(room.state);
  });
  const { people } = room.state;
  return inTime(coming, { complaint: () => `${look} found nothing; there are ${JSON.stringify(people)}` });
}

describe("omshare open --html", () => {
  it("writes one page that holds the chat, readable with the password alone, and overwrites nothing", async () => {
    const path = join(await newHome(), "chat.html");
    const args = ["open", link, "--html", path, "--encrypt"];
    expect(await guest.run(args, { input: "of the file\n" })).toMatchObject({ code: 0, stdout: "" });
    const page = await readFile(path, "utf8");
    expect(page).not.toContain("high water");
    const carried = /id="kept-chat">([^<]+)</.exec(page)?.[1] ?? "";
    const bytes = new Uint8Array(Buffer.from(carried, "base64"));
    await expect(openKept(bytes)).rejects.toMatchObject({ code: "locked" });
    const { room } = await openKept(bytes, { password: "of the file" });
    expect((await room.whenComplete()).integrity.state).toBe("sealed");
    const again = await guest.run(args, { input: "of the file\n" });
    expect(again).toMatchObject({ code: 2, stderr: "omshare: There is a file of that name already.\n" });
  });
});

describe("omshare fork", () => {
  it("copies what a link shows into a private chat, and a link to that proves where it came from", async () => {
    const id = await guest.result(["fork", link, "--up-to", "2"]);
    expect(id).toMatch(/^[\w-]{22}$/);
    expect(await guest.result(["open", id])).toContain("At six.");
    const json = JSON.parse(await guest.result(["fork", link, "--up-to", "2", "--link", "--json"])) as { url: string };
    expect(json).toMatchObject({ copies: 2, leftOut: 0, unproven: 0 });
    const read = await owner.result(["open", json.url]);
    expect(read).toMatch(/Forked from “.*”, sealed by its owner \([0-9a-f ]+\) on \d{4}-\d\d-\d\d/);
    expect(read).toContain("2 messages verified as unchanged");
    expect(await owner.run(["fork", json.url, "--up-to", "90"])).toMatchObject({ code: 2 });
  });
});
