import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newId } from "@openmates-share/protocol/wire";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "./test-server.ts";

/** What no well-behaved client sends: written to the socket byte by byte. */

const SECRET = "beside the viewer";

let directory: string;
let server: TestServer;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "share-viewer-"));
  await mkdir(join(directory, "dist/assets"), { recursive: true });
  await writeFile(join(directory, "dist/index.html"), "the viewer");
  await writeFile(join(directory, "secret.txt"), SECRET);
  server = await startTestServer({ viewerDir: join(directory, "dist") });
});
afterAll(async () => {
  await server.stop();
  await rm(directory, { recursive: true, force: true });
});

/** Everything that comes back until the server closes the connection. */
function raw(text: string): Promise<string> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let answer = "";
    socket.setEncoding("latin1").on("data", (part: string) => {
      answer += part;
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(answer));
  });
}

const get = (target: string, headers = "Host: x") =>
  raw(`GET ${target} HTTP/1.1\r\n${headers}\r\nConnection: close\r\n\r\n`);

describe("files beside the viewer are out of reach", () => {
  const tricks = [
    "/../secret.txt",
    "/..%2fsecret.txt",
    "/%2e%2e/secret.txt",
    "/..%5csecret.txt",
    "/assets/../../secret.txt",
    "/assets/..%2f..%2fsecret.txt",
    "/assets/%2e%2e%2f%2e%2e%2fsecret.txt",
    "/assets%00/../../secret.txt",
    "//../secret.txt",
    "/%c0%ae%c0%ae/secret.txt",
    "/....//secret.txt",
  ];
  for (const target of tricks) {
    test(target, async () => {
      const answer = await get(target);
      expect(answer).toMatch(/^HTTP\/1\.1 40[04] /);
      expect(answer).not.toContain(SECRET);
      expect(answer).not.toContain(directory);
    });
  }
});

test("nobody's Host header, or a proxy's that is not trusted, gets into a card or into links", async () => {
  const forged = ["Host: evil.example", "X-Forwarded-Host: evil.example", "Forwarded: host=evil.example"].join("\r\n");
  for (const target of [`/share/chat/${newId()}`, "/api/service", `/api/previews/${newId()}`]) {
    const answer = await get(target, forged);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).not.toContain("evil");
  }
});

test("a line break in a path makes no header", async () => {
  const answer = await get(`/share/chat/${newId()}%0d%0aX-Evil:%201`);
  expect(answer.split("\r\n\r\n")[0]).not.toMatch(/evil/i);
});

const host = "Host: x\r\n";
const chunked = `POST /api/chats HTTP/1.1\r\n${host}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n`;
const unreadable: Record<string, [text: string, status: number, code: string]> = {
  "no HTTP": ["\x16\x03\x01\x02\x00\r\n\r\n", 400, "bad_request"],
  "a method that is none": [`FOO / HTTP/1.1\r\n${host}\r\n`, 400, "bad_request"],
  "a broken chunk": [`${chunked}\r\nZZ\r\n`, 400, "bad_request"],
  "two lengths": [`${chunked}Content-Length: 5\r\n\r\n0\r\n\r\n`, 400, "bad_request"],
  "a bare line break in a header": [`GET / HTTP/1.1\r\n${host}X: a\rb\r\n\r\n`, 400, "bad_request"],
  "headers without end": [`GET / HTTP/1.1\r\n${host}X: ${"a".repeat(70_000)}\r\n\r\n`, 431, "too_large"],
};
for (const [what, [text, status, code]] of Object.entries(unreadable)) {
  test(`${what} is refused with a code and a sentence, and under our headers`, async () => {
    const [head = "", body = ""] = (await raw(text)).split("\r\n\r\n");
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(head).toContain("x-content-type-options: nosniff");
    expect(JSON.parse(body)).toEqual({ code, message: expect.stringMatching(/\.$/) });
  });
}

test("the server still serves", async () => {
  expect(await get("/")).toContain("the viewer");
});
