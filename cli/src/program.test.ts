import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runHere } from "../tests/fake-terminal.ts";

const LINK = "http://127.0.0.1:9/share/chat/AAAAAAAAAAAAAAAAAAAAAA#key=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const CHATS = [
  { title: "Rye", messages: [{ role: "user", content: "Is rye sour?" }] },
  { title: "Wheat\u001b[31m", created: 1_760_000_001, messages: [{ role: "user", content: "And wheat?" }] },
];

let home: string;
let file: string;
/** Nothing listens there. */
const env = () => ({ OMSHARE_HOME: home, OMSHARE_SERVER: "http://127.0.0.1:9" });

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "omshare-"));
  file = join(home, "chats.json");
  await writeFile(file, JSON.stringify(CHATS));
});
afterAll(async () => {
  await rm(home, { recursive: true });
});

describe("the command line", () => {
  it.each([["--help"], ["share", "--help"], ["--version"]])("answers %s on standard output", async (...args) => {
    const { code, stdout, stderr } = await runHere(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/omshare|^\d+\.\d+\.\d+\n$/);
  });

  it.each([
    [[]],
    [["frobnicate"]],
    [["share"]],
    [["share", "a", "b"]],
    [["share", "--colaborative", "a"]],
    [["share", "--pick", "0", "a"]],
    [["share", "--pick", "1.5", "a"]],
    [["share", "no-such-file"]],
    [["share", "."]],
    [["share", "-", "--password-stdin"]],
    [["share", "--server", "example.org", "a"]],
    [["open", "nonsense"]],
    [["open", LINK.split("#")[0] ?? ""]],
    [["open", LINK, "--json", "--markdown"]],
    [["open", LINK, "--password-stdin"]],
    [["send", LINK, "  "]],
    [["send", "-", "-"]],
    [["send", LINK, "hello", "--wait"]],
    [["send", LINK, "hello", "--name", ""]],
  ])("refuses %j with a sentence, and exit code 2", async (args) => {
    const { code, stdout, stderr } = await runHere(args, { env: env() });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/[a-z]/);
    expect(stderr).not.toMatch(/\n {4}at /);
  });

  it("says when the server can't be reached, without the link, and exits with 5", async () => {
    for (const args of [
      ["open", LINK],
      ["send", LINK, "hello"],
      ["share", file, "--pick", "1"],
    ]) {
      const { code, stdout, stderr } = await runHere(args, { env: env() });
      expect({ code, stdout }).toEqual({ code: 5, stdout: "" });
      expect(stderr).toBe("omshare: The server can't be reached. Please check the connection and try again.\n");
    }
  });

  it("ends with 130 and without a word when it is interrupted", async () => {
    expect(await runHere(["open", LINK], { env: env(), interrupted: true })).toEqual({
      code: 130,
      stdout: "",
      stderr: "",
    });
  });

  it("does not take two things from standard input", async () => {
    const { code, stderr } = await runHere(["open", "-", "--password-stdin"], { env: env(), input: `${LINK}\n` });
    expect(code).toBe(2);
    expect(stderr).toBe("omshare: The link and the password can't both come from standard input.\n");
  });

  it("takes a password of one line only", async () => {
    for (const input of ["", "\n", "one\ntwo\n", "x".repeat(100_000)]) {
      expect((await runHere(["open", LINK, "--password-stdin"], { env: env(), input })).code).toBe(2);
    }
    expect((await runHere(["open", LINK, "--password-stdin"], { env: env(), input: " pass word\r\n" })).code).toBe(5);
  });
});

describe("a file with several conversations", () => {
  it("is listed, without what a title would do to the terminal, and exits with 2", async () => {
    const { code, stdout, stderr } = await runHere(["share", file], { env: env() });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toBe(
      [
        "1              Rye (1 message)",
        "2  2025-10-09  Wheat [31m (1 message)",
        "omshare: There are 2 conversations in this file. Choose one with --pick N.",
        "",
      ].join("\n"),
    );
  });

  it("is asked about when a person is there", async () => {
    const { code, stderr } = await runHere(["share", file], { env: env(), person: true, input: "3\r" });
    expect(code).toBe(2);
    expect(stderr).toContain("Which one? [1-2] ");
    expect(stderr).toContain("There is no conversation 3: there are 2 conversations in this file.");
  });

  it("can be left by Ctrl-C and by the end of input", async () => {
    expect((await runHere(["share", file], { env: env(), person: true, input: "\u0003" })).code).toBe(130);
    expect((await runHere(["share", file], { env: env(), person: true, input: "\u0004" })).code).toBe(2);
  });

  it("has no conversation beyond its last", async () => {
    expect((await runHere(["share", file, "--pick", "3"], { env: env() })).code).toBe(2);
  });
});

describe("a file of the wrong kind", () => {
  it("is named, with the right one", async () => {
    const user = JSON.stringify({ id: "user-1", email: "a@example.org", chatgpt_plus_user: false });
    const { code, stderr } = await runHere(["share", "-"], { env: env(), input: user });
    expect(code).toBe(2);
    expect(stderr).toBe(
      "omshare: This is `user.json` of a ChatGPT export; the conversations are in conversations.json, or in its parts: conversations-000.json and so on.\n",
    );
  });
});

describe("the list of chats", () => {
  it("is empty at first, and asks no server", async () => {
    const { code, stdout } = await runHere(["list"], { env: env() });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
  });
});
