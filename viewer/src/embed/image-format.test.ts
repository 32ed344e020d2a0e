import { expect, test } from "vitest";
import { fileSize, kindOf, safeFileName } from "./file-names.ts";
import { imageFormat, pictureOf } from "./image-format.ts";

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

test.each([
  ["\x89PNG\r\n\x1a\n", "image/png"],
  ["\xff\xd8\xff\xe0", "image/jpeg"],
  ["GIF89a", "image/gif"],
  ["RIFF\x01\x02\x03\x04WEBPVP8 ", "image/webp"],
  ["\0\0\0\x20ftypavif", "image/avif"],
  ["<svg xmlns=", null],
  ["<!doctype html>", null],
  ["%PDF-1.7", null],
  ["RIFF\x01\x02\x03\x04WAVE", null],
  ["\x89PN", null],
  ["", null],
])("%j is %s", (head, type) => {
  expect(imageFormat(bytes(head))).toBe(type);
});

test("a picture gets the type that it has, not the one it claims", async () => {
  const claimed = new Blob([bytes("GIF89a…")], { type: "text/html" });
  expect((await pictureOf(claimed)).type).toBe("image/gif");
  await expect(pictureOf(new Blob(["<svg/>"], { type: "image/png" }))).rejects.toThrow("not a picture");
});

test.each([
  ["report.pdf", "report.pdf"],
  ["../../etc/passwd", "etc passwd"],
  ["photo\u202egpj.exe", "photogpj.exe"],
  ["a\nb\tc.txt", "a b c.txt"],
  ["C:\\x\\y.txt", "C x y.txt"],
  [".htaccess", "htaccess"],
  ["\u200b", "file"],
])("the name %j is shown and saved as %j", (name, safe) => {
  expect(safeFileName(name)).toBe(safe);
});

test("sizes and kinds are told in words", () => {
  expect([0, 1, 999, 1000, 12_345, 999_600, 25 << 20].map(fileSize)).toEqual([
    "0 bytes",
    "1 byte",
    "999 bytes",
    "1 kB",
    "12 kB",
    "1 MB",
    "26 MB",
  ]);
  expect([kindOf("image"), kindOf("skill-web-search"), kindOf("constructor")]).toEqual(["Picture", "File", "File"]);
});
