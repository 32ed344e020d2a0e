import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readImport } from "@openmates-share/importers";
import { PACKET_PARSER, SOCKET_PATH } from "@openmates-share/protocol/wire";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { startMeddler } from "@openmates-share/testing/meddler";
import { startModel, type TestModel } from "@openmates-share/testing/model";
import { type ServerProcess, startServer } from "@openmates-share/testing/server-process";
import { BlobWriter, TextReader, ZipWriter } from "@zip.js/zip.js/lib/zip-core-native.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { assistant, conversationOf, user } from "../../importers/tests/chatgpt-fixture.ts";
import { Device } from "./device.ts";

const CONVERSATION = conversationOf([
  user("Is rye sour?\u001b[31m"),
  { role: "assistant", to: "python", content: { content_type: "code", text: "print('rye')" } },
  assistant("Often, \ud83c\udf5e says **everyone**."),
]);
const LINK = /^http:\/\/127\.0\.0\.1:\d+\/share\/chat\/[\w-]{22}#key=[\w-]{43}$/;

let database: TestDatabase;
/** Without a model, so that the demo answers. */
let server: ServerProcess;
let owner: Device;
let reader: Device;
let file: string;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServer({ databaseUrl: database.databaseUrl, env: { LOG_LEVEL: "debug" } });
  [owner, reader] = [await Device.create(server.url), await Device.create(server.url)];
  file = join(owner.home, "conversations.json");
  await writeFile(file, JSON.stringify([CONVERSATION]));
});
afterAll(async () => {
  await Promise.all([server?.stop(), owner?.forget(), reader?.forget()]);
  await database?.stop();
});

const messagesIn = (json: string) =>
  (JSON.parse(json) as { messages: { type: string; text?: string; name: string }[] }).messages;
const textsIn = (json: string) => messagesIn(json).map(({ text }) => text);

describe("sharing and opening", () => {
  it("brings the conversation to another device as the file had it", async () => {
    const shared = await owner.run(["share", file]);
    expect(shared).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(
        "Shared “Bread without kneading”: 2 messages, read-only.\nIt opens on this machine only",
      ),
    });
    expect(shared.stdout.trimEnd()).toMatch(LINK);

    const json = await reader.result(["open", shared.stdout.trimEnd(), "--json"]);
    const sent = readImport({ name: file, text: JSON.stringify(CONVERSATION) }).conversations[0]?.read();
    expect(readImport({ name: "", text: json }).conversations[0]?.read()).toEqual(sent);

    const reading = await reader.result(["open", "-"], { input: shared.stdout });
    expect(reading).toContain("Bread without kneading\n\nUser · 2025-10-09 08:53\n  Is rye sour?[31m\n");
    const markdown = await reader.result(["open", shared.stdout.trimEnd(), "--markdown"]);
    expect(markdown).toContain("# Bread without kneading\n\n## User\n\nIs rye sour?[31m\n");
    expect(reading + markdown + json).not.toContain("\u001b");
  });

  it("needs the password where there is one", async () => {
    const link = await owner.result(["share", file, "--password-stdin"], { input: "crumb & crust\n" });
    const without = await reader.run(["open", link]);
    expect(without).toMatchObject({ code: 4, stdout: "" });
    expect(without.stderr).toContain("--password-stdin");
    const wrong = await reader.run(["open", link, "--password-stdin"], { input: "crumb\n" });
    expect(wrong).toMatchObject({ code: 4, stdout: "" });
    expect(wrong.stderr).toContain("Unable to decrypt.");
    expect(await reader.result(["open", link, "--password-stdin"], { input: "crumb & crust\n" })).toContain(
      "Is rye sour?",
    );
  });

  it("needs the password once on each device", async () => {
    const link = await owner.result(["share", file, "--password-stdin"], { input: "crumb\n" });
    await reader.result(["open", link, "--password-stdin"], { input: "crumb\n" });
    expect(await reader.result(["open", link])).toContain("Is rye sour?");
  });

  it("takes a conversation of several, another title, and standard input, and says all as JSON", async () => {
    const several = JSON.stringify([CONVERSATION, { ...CONVERSATION, title: "Other" }]);
    const json = await owner.result(["share", "-", "--pick", "2", "--title", "Rye", "--json"], { input: several });
    const shared = JSON.parse(json) as { url: string };
    expect(shared).toMatchObject({ title: "Rye", mode: "read-only", messages: 2, url: expect.stringMatching(LINK) });
    expect(await reader.result(["open", shared.url])).toMatch(/^Rye\n/);
  });

  it("tells a chat that is not there from a key that does not fit", async () => {
    const link = await owner.result(["share", file]);
    const elsewhere = link.replace(/chat\/./, (start) => (start.endsWith("A") ? "chat/B" : "chat/A"));
    expect(await reader.run(["open", elsewhere])).toMatchObject({ code: 3, stdout: "" });
    const otherKey = link.replace(/key=./, (start) => (start.endsWith("A") ? "key=B" : "key=A"));
    expect(await reader.run(["open", otherKey])).toMatchObject({ code: 3, stdout: "" });
  });

  it("leaves nothing on the server when it is interrupted", async () => {
    const line = await startMeddler(server.url, { path: SOCKET_PATH, parser: PACKET_PARSER });
    const device = await Device.create(line.url);
    const large = join(device.home, "large.json");
    await writeFile(
      large,
      JSON.stringify(
        Array.from({ length: 5000 }, (_, index) => ({ role: index % 2 ? "assistant" : "user", content: `${index}` })),
      ),
    );
    // The first page has arrived, and the second one never does.
    let pages = 0;
    const interruptAt = new Promise<void>((interrupt) => {
      line.before = async (path) => {
        if (!path.endsWith("/messages") || ++pages < 2) return;
        interrupt();
        await new Promise(() => undefined);
      };
    });
    const chats = () => database.database.chat.count();
    const before = await chats();
    const { code, stdout } = await device.run(["share", large], { interruptAt });
    expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
    expect(await device.result(["list"])).toBe("");
    expect(await chats()).toBe(before);
    await device.forget();
    await line.stop();
  });

  it("takes a whole archive, another version of a conversation, and masks what is asked for", async () => {
    const node = (id: string, parent: string | null, said: string) => ({
      id,
      parent,
      children: [],
      message: said && {
        author: { role: parent === "root" ? "user" : "assistant" },
        content: { content_type: "text", parts: [said] },
        recipient: "all",
      },
    });
    const nodes = [
      node("root", null, ""),
      node("a", "root", "Who knows?"),
      node("b", "a", "Nobody."),
      node("c", "a", "Ask ada@example.org."),
    ];
    const exported = {
      title: "Two answers",
      mapping: Object.fromEntries(nodes.map((one) => [one.id, one])),
      current_node: "b",
    };
    const writer = new ZipWriter(new BlobWriter(), { useWebWorkers: false });
    await writer.add("export/conversations.json", new TextReader(JSON.stringify([exported])));
    const zip = join(owner.home, "export.zip");
    await writeFile(zip, new Uint8Array(await (await writer.close()).arrayBuffer()));

    const shown = await owner.result(["share", zip]);
    expect(textsIn(await reader.result(["open", shown.trimEnd(), "--json"]))).toEqual(["Who knows?", "Nobody."]);
    const other = await owner.run(["share", zip, "--branch", "1", "--mask"]);
    expect(other.stderr).toContain("Masked: e-mail address (1).");
    expect(textsIn(await reader.result(["open", other.stdout.trimEnd(), "--json"]))).toEqual([
      "Who knows?",
      "Ask [e-mail address removed].",
    ]);
    const none = await owner.run(["share", zip, "--branch", "2"]);
    expect(none).toMatchObject({ code: 2, stdout: "" });
    expect(none.stderr).toContain("1  differs after message 1, 1 of its own: Ask ada@example.org.");
  });

  it("says so when there is nothing to go on with", async () => {
    const { code, stderr } = await owner.run(["share", "--resume"]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: "omshare: There is nothing to go on with: no sharing was interrupted.\n",
    });
  });

  it("is no error when the reader of its output has enough", async () => {
    const link = await owner.result(["share", file]);
    const { code, stderr } = await reader.run(["open", link], { onOutput: (_, child) => child.stdout?.destroy() });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });
});

describe("writing together", () => {
  it("is for collaborative links", async () => {
    const link = await owner.result(["share", file]);
    expect(await reader.run(["send", link, "Hello"])).toMatchObject({
      code: 3,
      stderr: "omshare: This link is for reading only.\n",
    });
  });

  it("reaches the others, under a name", async () => {
    const link = await owner.result(["share", file, "--collaborative", "--name", "Anna"]);
    await reader.result(["send", link, "-", "--name", "Ben"], { input: "I like\nwheat.\n" });
    await owner.result(["send", link, "Me too."]);
    const written = messagesIn(await reader.result(["open", link, "--json"])).filter(({ type }) => type === "message");
    expect(written.slice(2)).toMatchObject([
      { name: "Ben", text: "I like\nwheat." },
      { name: "Anna", text: "Me too." },
    ]);
  });

  it("prints the answer to a mention, and says what gave it", async () => {
    const link = await owner.result(["share", file, "--collaborative"]);
    const refused = await reader.run(["send", link, "@OpenMates, why not?"]);
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    expect(refused.stderr).toContain("To the built-in demo (no model is connected) these 3 messages go, in clear:");
    expect(refused.stderr).toContain("Guest: @OpenMates, why not?");
    expect(refused.stderr).toContain("nothing was sent: please add --yes");
    expect(await owner.result(["open", link])).not.toContain("why not?");
    const { code, stdout, stderr } = await reader.run(["send", link, "@OpenMates, why?", "--wait", "--yes"]);
    expect(code).toBe(0);
    expect(stderr).toBe(
      "Sent, and @OpenMates is asked.\nThis is the built-in demo (demo): no model is set up on this server.\nThe others see it as from “Guest”: --name gives another name.\n",
    );
    const reply = messagesIn(await owner.result(["open", link, "--json"])).find(({ type }) => type === "reply");
    expect(stdout).toBe(`${reply?.text?.trimEnd()}\n`);
  });

  describe("with an answer that takes its time", () => {
    let model: TestModel;
    let slow: ServerProcess;
    let asker: Device;
    beforeAll(async () => {
      model = await startModel();
      slow = await startServer({ databaseUrl: database.databaseUrl, dataDir: server.dataDir, env: model.env });
      asker = await Device.create(slow.url);
    });
    afterAll(async () => {
      await Promise.all([slow?.stop(), asker?.forget()]);
      await model?.stop();
    });

    it("prints it as it grows", async () => {
      const link = await asker.result(["share", file, "--collaborative"]);
      const release = model.begin("why", { text: "Because it is left for a day.", pieces: 2 });
      let first = "";
      const { code, stdout } = await asker.run(["send", link, "@OpenMates, why?", "--wait", "--yes"], {
        onOutput(soFar) {
          first ||= soFar;
          release();
        },
      });
      expect([code, stdout]).toEqual([0, "Because it is left for a day.\n"]);
      expect("Because it is le").toContain(first);
    });

    it("can be left by Ctrl-C meanwhile", async () => {
      const link = await asker.result(["share", file, "--collaborative"]);
      model.begin("how", { text: "By and by.", pieces: 1 });
      const { code } = await asker.run(["send", link, "@OpenMates, how?", "--wait", "--yes"], {
        onOutput: (_, child) => child.kill("SIGINT"),
      });
      expect(code).toBe(130);
    });
  });
});

describe("an owner", () => {
  it("keeps follow-ups private until the chat is updated, and sees the boundary", async () => {
    const link = await owner.result(["share", file]);
    await owner.result(["send", link, "A private thought"]);
    expect(textsIn(await reader.result(["open", link, "--json"]))).not.toContain("A private thought");
    expect(await owner.result(["open", link])).toMatch(/up to here ──\n\n.*\n {2}A private thought$/);
    expect(await reader.run(["update", link])).toMatchObject({ code: 3 });
    await owner.result(["update", link]);
    expect(textsIn(await reader.result(["open", link, "--json"]))).toContain("A private thought");
    expect(await owner.result(["open", link])).not.toContain("up to here ──");
  });

  it("ends a link, at once and for all", async () => {
    const link = await owner.result(["share", file]);
    expect(await reader.run(["revoke", link])).toMatchObject({ code: 3 });
    expect(await reader.run(["open", link])).toMatchObject({ code: 0 });
    await owner.result(["revoke", link]);
    expect(await reader.run(["open", link])).toMatchObject({ code: 3, stdout: "" });
    expect(await owner.run(["revoke", link])).toMatchObject({ code: 3 });
  });

  it("is one person however many commands run at once on a new device", async () => {
    const device = await Device.create(server.url);
    const links = await Promise.all([1, 2, 3].map(() => device.result(["share", file])));
    expect((await device.result(["list"])).split("\n").filter((line) => line.includes("owner"))).toHaveLength(3);
    await Promise.all(links.map((link) => device.result(["revoke", link])));
    await device.forget();
  });
});

describe("links", () => {
  it("are made for people, with an end and a limit, and listed as they are", async () => {
    const device = await Device.create(server.url);
    const flags = [
      "--to",
      "grace@example.org",
      "alan@example.org",
      "--expires",
      "7d",
      "--views",
      "5",
      "--mode",
      "collaborative",
    ];
    const inAWeek = () => new Date(Date.now() + 7 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
    const before = inAWeek();
    const links = (await device.result(["share", file, ...flags, "--label", "the team"])).split("\n");
    expect(links.map((line) => line.split("\t")[0])).toEqual(["grace@example.org", "alan@example.org"]);
    const ends = [`until ${before}`, `until ${inAWeek()}`];
    const [chat = "", ...listed] = (await device.result(["list"])).split("\n");
    expect(chat).toContain("owner");
    for (const [i, to] of ["alan@example.org", "grace@example.org"].entries()) {
      const fields = listed[i]?.split("\t") ?? [];
      const [mode, who, end, ...rest] = fields.slice(2);
      expect([mode, who, ...rest]).toEqual(["collaborative", to, "0 of 5 views", "the team"]);
      expect(ends).toContain(end);
    }
    const url = links[0]?.split("\t")[1] ?? "";
    expect(await reader.run(["open", url])).toMatchObject({ code: 3, stdout: "" });
    await device.forget();
  });

  it("end by their id, and all of a chat by the chat's", async () => {
    const device = await Device.create(server.url);
    const first = await device.result(["share", file]);
    const json = JSON.parse(await device.result(["list", "--json"])) as { chat: string; links: { link: string }[] }[];
    expect(json[0]?.links).toMatchObject([{ url: first, mode: "read-only", views: 0 }]);
    await device.result(["revoke", json[0]?.links[0]?.link ?? ""]);
    expect(await reader.run(["open", first])).toMatchObject({ code: 3 });
    const second = await device.result(["share", file, "--views", "1"]);
    expect(await reader.run(["open", second])).toMatchObject({ code: 0 });
    expect(await owner.run(["open", second])).toMatchObject({ code: 3 });
    expect(await reader.run(["open", second])).toMatchObject({ code: 0 });
    const [chat] = (await device.result(["list"])).split("\t");
    await device.result(["revoke", chat ?? ""]);
    expect(await reader.run(["open", second])).toMatchObject({ code: 3 });
    expect(await device.run(["revoke", "A".repeat(22)])).toMatchObject({ code: 3 });
    await device.forget();
  });

  it("let people write without a name, who are guests then", async () => {
    const link = await owner.result(["share", file, "--collaborative"]);
    const { stderr } = await reader.run(["send", link, "It is me"]);
    expect(stderr).toBe("Sent.\nThe others see it as from “Guest”: --name gives another name.\n");
    expect(await owner.result(["open", link])).toMatch(/Guest · .*\n {2}It is me/);
  });
});

describe("what is secret", () => {
  it("lies where only its owner can read, and in no log of the server's", async () => {
    const link = await owner.result(["share", file, "--password-stdin"], { input: "secret crust\n" });
    await reader.result(["open", link, "--password-stdin"], { input: "secret crust\n" });
    const key = link.slice(link.indexOf("#key=") + 5);
    for (const secret of [key, "secret crust", "Is rye sour?"]) expect(server.output()).not.toContain(secret);
    const files = (await readdir(reader.home, { recursive: true })).map((name) => join(reader.home, name));
    for (const path of files) {
      const { mode } = await stat(path);
      expect(mode & 0o077).toBe(0);
      if (path.endsWith(".key")) expect(String(await readFile(path))).not.toContain("Is rye sour?");
    }
  });
});
