import { describe, expect, it } from "vitest";
import { ImportError } from "../src/import-error.ts";
import { openImport } from "../src/source/open-import.ts";
import { assistant, conversationOf, user } from "./chatgpt-fixture.ts";
import { zipOf } from "./zip-fixture.ts";

/** Milliseconds; alone the longest takes two seconds, beside other work several times that. */
const timeout = 30_000;

const json = (value: unknown) => new Blob([typeof value === "string" ? value : JSON.stringify(value)]);
const chat = (title: string) => conversationOf([user(`Question of ${title}`), assistant(`Answer of ${title}`)], title);
const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 1, 2, 3]);

async function refusal(blob: Blob, name = "conversations.json"): Promise<ImportError> {
  try {
    (await openImport({ name, blob })).stop();
  } catch (error) {
    if (error instanceof ImportError) return error;
    throw error;
  }
  throw new Error("it was opened");
}

async function titles(blob: Blob, name = "conversations.json"): Promise<string[]> {
  const file = await openImport({ name, blob });
  // Each is read, so that what a list says of it is known to be true.
  for (const entry of file.conversations) {
    const { title, messages } = await entry.read();
    expect(title).toBe(entry.title);
    expect(messages).toHaveLength(entry.messageCount);
  }
  file.stop();
  return file.conversations.map(({ title }) => title);
}

describe("a file of JSON", { timeout }, () => {
  it.each([
    ["a list", [chat("a"), chat("b")]],
    ["lists in a list", [[chat("a")], [chat("b")]]],
    ["a list under a name", { version: 4, conversations: [chat("a"), chat("b")] }],
    ["lines", `${JSON.stringify(chat("a"))}\n${JSON.stringify(chat("b"))}\n`],
    ["a list with other things in it", [null, {}, chat("a"), [], { mapping: 1 }, chat("b"), "c"]],
  ])("gives its conversations: %s", async (_, value) => {
    expect(await titles(json(value))).toEqual(["a", "b"]);
  });

  it.each([
    ["one conversation", chat("a")],
    ["a list of messages", [{ role: "user", content: "a" }]],
    ["a line of ShareGPT", { conversations: [{ from: "human", value: "a" }] }],
    ["a log", { messages: [{ role: "user", content: "a" }] }],
    ["messages in lines", '{"role":"user","content":"a"}\n{"role":"assistant","content":"b"}'],
    ["UTF-16", new Uint8Array(Buffer.from(`\ufeff${JSON.stringify(chat("a"))}`, "utf16le"))],
    ["a transcript", "User: a\nAssistant: b"],
  ])("gives one: %s", async (_, value) => {
    const blob = value instanceof Uint8Array ? new Blob([value]) : json(value);
    expect(await titles(blob, "")).toEqual(["a"]);
  });

  it("that is cut off gives what is whole, and says so", async () => {
    const whole = json([chat("a"), chat("b"), chat("c")]);
    const file = await openImport({ name: "conversations.json", blob: whole.slice(0, whole.size - 100) });
    expect(file.conversations.map(({ title }) => title)).toEqual(["a", "b"]);
    expect(file.flaw).toMatch(/cut off/);
    expect(file.skipped).toBe(1);
  });

  it.each([
    ["", "empty"],
    ['[{"title":"cut o', "damaged_json"],
    ['{"recipes":[]}', "unknown_json"],
    ["[]", "no_conversations"],
    [[{ id: "m", conversation_id: "c", rating: "thumbsUp" }], "wrong_file"],
    [[conversationOf([])], "no_conversations"],
    ["<!DOCTYPE html><html>", "web_page"],
  ])("without one is refused with a sentence: %j", async (value, code) => {
    const error = await refusal(json(value));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(/^[A-Z].*\.$/);
  });

  it("tells how far it is, and stops when asked", async () => {
    const many = json(Array.from({ length: 3000 }, (_, index) => chat(`${index} ${"x".repeat(1000)}`)));
    const steps: { done: number; total: number; found: number }[] = [];
    await openImport({ name: "", blob: many }, { onProgress: (step) => steps.push(step) });
    expect(steps.length).toBeGreaterThan(3);
    expect(steps.at(-1)).toEqual({ done: many.size, total: many.size, found: 3000 });
    for (const [index, step] of steps.entries()) expect(step.done).toBeGreaterThanOrEqual(steps[index - 1]?.done ?? 0);

    const stop = new AbortController();
    const stopped = openImport({ name: "", blob: many }, { signal: stop.signal, onProgress: () => stop.abort() });
    await expect(stopped).rejects.toThrow(expect.objectContaining({ name: "AbortError" }));
  });
});

describe("a ZIP file", { timeout }, () => {
  const export_ = [
    { name: "__MACOSX/._conversations.json", content: "no" },
    { name: "export/user.json", content: "{}" },
    { name: "export/conversations.json", content: JSON.stringify([chat("a"), chat("b")]) },
    { name: "export/file-AbC12-holiday.png", content: PNG, options: { level: 0 } },
    { name: "export/dalle/file_00ff-sanitized.webp", content: PNG },
  ] as const;

  it.each([
    ["deflated", {}],
    ["stored", { level: 0 }],
    ["zip64", { zip64: true }],
    ["streamed, with its sizes behind", { dataDescriptor: true }],
  ])("gives the conversations in it: %s", async (_, options) => {
    const zip = await zipOf(export_.map((file) => ({ ...file, options })));
    expect(await titles(zip, "export.zip")).toEqual(["a", "b"]);
  });

  it("gives those of numbered files in their order", async () => {
    const shard = (number: string) => ({
      name: `conversations-${number}.json`,
      content: JSON.stringify([chat(number)]),
    });
    const zip = await zipOf(["002", "000", "010", "001"].map(shard));
    expect(await titles(zip, "export.zip")).toEqual(["000", "001", "002", "010"]);
  });

  it("is read in any order", async () => {
    const all = Array.from({ length: 20 }, (_, index) => chat(`${index} ${"long ".repeat(5000)}`));
    const file = await openImport({
      name: "export.zip",
      blob: await zipOf([{ name: "conversations.json", content: JSON.stringify(all) }]),
    });
    const order = [7, 3, 3, 19, 0, 12];
    const read = await Promise.all(order.map(async (index) => (await file.conversations[index]?.read())?.title));
    expect(read.map((title) => Number(title?.split(" ")[0]))).toEqual(order);
    file.stop();
    file.stop();
  });

  it("gives the images and files in it by path, name and id", async () => {
    const file = await openImport({ name: "export.zip", blob: await zipOf(export_) });
    const conversation = await file.conversations[0]?.read();
    const bytes = async (source: string) => {
      const blob = await conversation?.attachment?.(source);
      return blob ? new Uint8Array(await blob.arrayBuffer()) : null;
    };
    for (const source of ["export/file-AbC12-holiday.png", "file-AbC12-holiday.png", "file-AbC12", "file_00ff"]) {
      expect(await bytes(source)).toEqual(PNG);
    }
    expect(await bytes("file-other")).toBeNull();
    file.stop();
  });

  it.each([
    ["nothing", [], "archive", /It is empty/],
    [
      "photographs",
      [
        { name: "a.jpg", content: PNG },
        { name: "b.jpg", content: PNG },
      ],
      "archive",
      /a\.jpg and 1 more/,
    ],
    ["another archive", [{ name: "inner.zip", content: PNG }], "archive", /inner\.zip/],
    [
      "a password",
      [{ name: "conversations.json", content: "[]", options: { password: "secret" } }],
      "locked_archive",
      /password/,
    ],
    ["the wrong files", [{ name: "user.json", content: '{"id":"user-1"}' }], "wrong_file", /user\.json/],
  ] as const)("with %s is refused with a sentence", async (_, files, code, sentence) => {
    const error = await refusal(await zipOf(files), "export.zip");
    expect(error.code).toBe(code);
    expect(error.message).toMatch(sentence);
  });

  it("that was cut off says so", async () => {
    const zip = await zipOf(export_);
    for (const size of [4, 100, zip.size - 30]) {
      expect((await refusal(zip.slice(0, size), "export.zip")).code).toBe("damaged_archive");
    }
  });

  it("that is damaged behind whole conversations still gives those", async () => {
    const text = JSON.stringify(Array.from({ length: 400 }, (_, index) => chat(`${index} ${Math.random()}`)));
    const bytes = new Uint8Array(await (await zipOf([{ name: "conversations.json", content: text }])).arrayBuffer());
    bytes.fill(0xff, bytes.length / 2, bytes.length / 2 + 300);
    const file = await openImport({ name: "export.zip", blob: new Blob([bytes]) });
    expect(file.conversations.length).toBeGreaterThan(0);
    expect(file.flaw).toMatch(/damaged/);
    file.stop();
  });

  it("that grows without end is stopped", async () => {
    const zeros = new Blob(Array.from({ length: 100 }, () => new Uint8Array(1 << 20).fill(0x20)));
    const error = await refusal(await zipOf([{ name: "conversations.json", content: zeros }]), "bomb.zip");
    expect(error.code).toBe("too_large");
    expect(error.message).toMatch(/made to do harm/);
  });
});
