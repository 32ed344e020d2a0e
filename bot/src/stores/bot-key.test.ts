import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { BotKey } from "./bot-key.ts";
import { loadOrCreateKey, parseKey } from "./key-file.ts";

const place = { team: "T1", name: "session" };
const value = new TextEncoder().encode("a value");
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "bot-key-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test("opens what it sealed, and seals differently each time", () => {
  const key = new BotKey(randomBytes(32));
  const sealed = key.seal(place, value);
  expect(key.open(place, sealed)).toEqual(value);
  expect(key.seal(place, value)).not.toEqual(sealed);
});

test("refuses every altered byte, every shortened value and every other place", () => {
  const key = new BotKey(randomBytes(32));
  const sealed = key.seal(place, value);
  for (let index = 0; index < sealed.length; index += 1) {
    const altered = sealed.with(index, (sealed[index] ?? 0) ^ 1);
    expect(() => key.open(place, new Uint8Array(altered))).toThrow(expect.objectContaining({ code: "unsealable" }));
    expect(() => key.open(place, sealed.subarray(0, index))).toThrow(expect.objectContaining({ code: "unsealable" }));
  }
  for (const other of [
    { ...place, team: "T2" },
    { ...place, name: "x" },
    { team: 'T1","session', name: "" },
  ]) {
    expect(() => key.open(other, sealed)).toThrow(expect.objectContaining({ code: "unsealable" }));
  }
});

test.each([0, 16, 31, 33])("refuses a key of %i bytes", (length) => {
  expect(() => new BotKey(randomBytes(length))).toThrow(expect.objectContaining({ code: "bad_key" }));
});

test("makes a key file once, for its owner alone, also when many ask at the same time", async () => {
  const inside = join(directory, "new", "folder");
  const keys = await Promise.all(Array.from({ length: 8 }, () => loadOrCreateKey(inside)));
  expect(new Set(keys.map((key) => Buffer.from(key).toString("hex"))).size).toBe(1);
  expect((await stat(join(inside, "bot.key"))).mode & 0o777).toBe(0o600);
  expect(await loadOrCreateKey(inside)).toEqual(keys[0]);
});

test("refuses a key file that others may read, and one that holds no key", async () => {
  await loadOrCreateKey(directory);
  const path = join(directory, "bot.key");
  await chmod(path, 0o640);
  await expect(loadOrCreateKey(directory)).rejects.toMatchObject({ code: "bad_key" });
  await chmod(path, 0o600);
  await writeFile(path, "hush, no key");
  await expect(loadOrCreateKey(directory)).rejects.toMatchObject({ message: expect.not.stringContaining("hush") });
  expect(await readFile(path, "utf8")).toBe("hush, no key");
});

test.each(["base64", "base64url", "hex"] as const)("reads keys in %s", (encoding) => {
  const key = randomBytes(32);
  expect(Buffer.from(parseKey(` ${key.toString(encoding)}\n`, "BOT_KEY"))).toEqual(key);
});
