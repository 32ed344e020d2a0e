// @vitest-environment node
import { deflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { isZip, listZip, UnreadableZip } from "./zip.ts";

interface File {
  readonly name: string;
  readonly text: string;
  readonly stored?: boolean;
  readonly flags?: number;
  readonly method?: number;
}

/** An archive as packers write it: local headers and data, directory, end. */
function zip(files: readonly File[], comment = ""): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const file of files) {
    const name = Buffer.from(file.name);
    const plain = Buffer.from(file.text);
    const data = file.stored ? plain : deflateRawSync(plain);
    const method = file.method ?? (file.stored ? 0 : 8);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    local.writeUInt16LE(3, 28);
    locals.push(local, name, Buffer.from("xxx"), data);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(file.flags ?? 0, 8);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(data.length, 20);
    entry.writeUInt32LE(plain.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt16LE(2, 30);
    entry.writeUInt32LE(offset, 42);
    directory.push(entry, name, Buffer.from("yy"));
    offset += 30 + name.length + 3 + data.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...locals, entries, end, Buffer.from(comment)]);
}

function blob(bytes: Buffer): Blob {
  return new Blob([new Uint8Array(bytes)]);
}

const EXPORT = [
  { name: "chat.html", text: "<html>" },
  { name: "conversations.json", text: JSON.stringify(["é🙂".repeat(5000)]) },
  { name: "empty.json", text: "", stored: true },
];

describe("a ZIP archive", () => {
  test("lists its files and unpacks each, packed or stored, with a comment behind the end", async () => {
    const file = blob(zip(EXPORT, "made by somebody"));
    expect(await isZip(file)).toBe(true);
    const entries = await listZip(file);
    expect(entries.map(({ name }) => name)).toEqual(EXPORT.map(({ name }) => name));
    for (const [index, entry] of entries.entries()) {
      expect(await new Response(await entry.read()).text()).toBe(EXPORT[index]?.text);
      expect(entry.size).toBe(Buffer.byteLength(EXPORT[index]?.text ?? ""));
    }
  });

  test.each(["", "{}", "PK", "%PDF-1.7"])("is not taken for one: %j", async (text) => {
    expect(await isZip(new Blob([text]))).toBe(false);
  });

  test("that is cut off anywhere is refused, never read in part", async () => {
    const whole = zip(EXPORT);
    for (const length of [4, 40, whole.length - 23, whole.length - 1]) {
      await expect(listZip(blob(whole.subarray(0, length)))).rejects.toBeInstanceOf(UnreadableZip);
    }
  });

  test("whose directory is overwritten is refused", async () => {
    const bytes = zip(EXPORT);
    bytes.writeUInt32LE(0, bytes.readUInt32LE(bytes.length - 6));
    await expect(listZip(blob(bytes))).rejects.toBeInstanceOf(UnreadableZip);
  });

  test("with a password, or packed by a method of its own, says so", async () => {
    for (const file of [
      { name: "a", text: "x", flags: 1 },
      { name: "a", text: "x", method: 93 },
    ]) {
      const [entry] = await listZip(blob(zip([file])));
      await expect(entry?.read()).rejects.toBeInstanceOf(UnreadableZip);
    }
  });
});
