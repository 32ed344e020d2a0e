import { Buffer } from "node:buffer";
import { expect, it } from "vitest";
import { findLeaks, type Secret } from "./leak-search.ts";

const secret: Secret = { name: "the password", value: "blaue Möwe, süß & salzig" };
const key: Secret = { name: "the key", value: Uint8Array.from({ length: 32 }, (_, i) => (i * 37 + 11) % 256) };
const text = String(secret.value);
const raw = Buffer.from(key.value);

it.each([
  ["as it is", Buffer.from(`log: ${text}\n`)],
  ["in JSON", Buffer.from(JSON.stringify({ deep: [{ password: text }] }))],
  ["in a URL", Buffer.from(`GET /?p=${encodeURIComponent(text)}`)],
  ["in a form", Buffer.from(new URLSearchParams({ p: text }).toString())],
  ["in hexadecimal, as PostgreSQL shows bytes", Buffer.from(`\\x00ff${Buffer.from(text).toString("hex")}00`)],
  ["in base64 with something before and behind", Buffer.from(Buffer.from(`ab${text}cd`).toString("base64"))],
  ["in UTF-16", Buffer.from(`x${text}`, "utf16le")],
])("finds a text %s", (_where, bytes) => {
  expect(findLeaks([{ name: "trace", bytes }], [secret])).not.toEqual([]);
});

it.each([
  ["as it is", raw],
  ["in a link", Buffer.from(`https://example.org/share/chat/x#key=${raw.toString("base64url")}`)],
  ["in base64 with something before it", Buffer.from(Buffer.concat([Buffer.from("a"), raw]).toString("base64"))],
  ["in hexadecimal", Buffer.from(raw.toString("hex").toUpperCase())],
])("finds a key %s", (_where, bytes) => {
  expect(findLeaks([{ name: "trace", bytes }], [key])).not.toEqual([]);
});

it("finds nothing where nothing is", () => {
  const bytes = Buffer.from(`blaue Möwe. ${Buffer.from("süß").toString("base64")} ${raw.subarray(1).toString("hex")}`);
  expect(findLeaks([{ name: "trace", bytes }], [secret, key])).toEqual([]);
});

it("refuses to look for what turns up by chance", () => {
  expect(() => findLeaks([], [{ name: "too short", value: "yes" }])).toThrow(RangeError);
});
