import { PassThrough } from "node:stream";
import type { Answer, AskId } from "@openmates-share/client";
import { describe, expect, it } from "vitest";
import { replyMessage, roomState, windowOf } from "../tests/room-state-fixture.ts";
import { AnswerPrinter } from "./answer-printer.ts";
import { Terminal } from "./terminal.ts";

const ASK = "a1" as AskId;

function printer() {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const { signal } = new AbortController();
  const terminal = new Terminal({
    stdin: new PassThrough(),
    stdout,
    stderr,
    env: {},
    signal,
    interrupt: () => undefined,
  });
  const read = () => ({ stdout: String(stdout.read() ?? ""), stderr: String(stderr.read() ?? "") });
  return { printer: new AnswerPrinter(terminal), read };
}

const growing = (text: string, fields: object = {}) => {
  const answer = { ask: ASK, message: "m1", state: "running", text, reason: null, ...fields };
  return roomState({ answers: [answer as Answer] });
};
const stored = (text: string, fields: object = {}) =>
  roomState({
    messages: windowOf([
      replyMessage(1, { ask: "other", text: "No." }),
      replyMessage(2, { ask: ASK, text, ...fields }),
    ]),
  });

describe("an answer that grows", () => {
  it("is printed piece by piece, each once, and ended by a line's end", async () => {
    const { printer: answer, read } = printer();
    for (const text of ["", "Yes", "Yes, \ud83d", "Yes, \ud83c\udf5e\u001b[2J bread"]) {
      expect(answer.take(growing(text), ASK)).toBe(false);
    }
    expect(answer.take(stored("Yes, \ud83c\udf5e\u001b[2J bread.", { demo: false }), ASK)).toBe(true);
    await answer.end();
    expect(read()).toEqual({ stdout: "Yes, \ud83c\udf5e[2J bread.\n", stderr: "" });
  });

  it("is printed anew when the stored answer says something else", async () => {
    const { printer: answer, read } = printer();
    answer.take(growing("Yes, "), ASK);
    answer.take(stored("No.", { demo: false }), ASK);
    await answer.end();
    expect(read().stdout).toBe("Yes, \n\nNo.\n");
  });

  it.each([
    [{ demo: true }, "This is the built-in demo (demo): no model is set up on this server.\n"],
    [{ ended: "stopped" }, "Somebody stopped the answer.\n"],
    [{ ended: "length" }, "The answer reached its greatest length.\n"],
  ])("says on the side how it ended: %j", async (fields, note) => {
    const { printer: answer, read } = printer();
    answer.take(stored("Yes.", fields), ASK);
    await answer.end();
    expect(read()).toEqual({ stdout: "Yes.\n", stderr: note });
  });

  it.each([
    ["interrupted", null, "internal"],
    ["failed", "The model is overloaded.", "unavailable"],
  ])("that is %s is an error", (state, reason, code) => {
    const { printer: answer } = printer();
    expect(() => answer.take(growing("Ye", { state, reason }), ASK)).toThrow(expect.objectContaining({ code }));
  });
});
