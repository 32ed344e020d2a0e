import { LogLevel } from "@slack/bolt";
import { expect, test } from "vitest";
import { describeError, QuietLogger } from "./quiet-logger.ts";

function lines(level: LogLevel, log: (logger: QuietLogger) => void): string[] {
  const written: string[] = [];
  log(new QuietLogger({ level, write: (line) => written.push(line) }));
  return written;
}

test.each([
  'http request body: {"text":"hush"}',
  'Received a message on the WebSocket: {"payload":{"text":"hush"}}',
  "Unable to parse an incoming WebSocket message (will ignore): SyntaxError, hush",
  "ack() call begins (body: hush)",
  'Sending a WebSocket message: {"payload":"hush"}',
  `Malformed request body: Unexpected token h in JSON at position 0, "hush" is not valid JSON`,
  "first line\nhush",
])("says what %j is about and not what it quotes", (line) => {
  const written = lines(LogLevel.DEBUG, (logger) => logger.debug(line)).join("\n");
  expect(written).toMatch(/^bot debug \S/u);
  expect(written).not.toContain("hush");
});

test("cuts fragments out of what is left", () => {
  const key = "A".repeat(43);
  const [line] = lines(LogLevel.INFO, (logger) => logger.info(`asked for https://a.example/b#key=${key} again`));
  expect(line).toBe("bot info asked for https://a.example/b again");
});

test("writes no objects at all, and of an error its name, code and message", () => {
  const error = Object.assign(new Error('not "hush"'), { code: "some_code" });
  const [line] = lines(LogLevel.INFO, (logger) => logger.error("It failed:", { text: "hush" }, error));
  expect(line).toBe("bot error It failed: Error some_code: not");
});

test("is silent below its level", () => {
  expect(lines(LogLevel.WARN, (logger) => logger.info("detail"))).toEqual([]);
  expect(lines(LogLevel.WARN, (logger) => logger.warn("trouble"))).toHaveLength(1);
});

test("does not trust thrown things that are no errors", () => {
  expect(describeError("hush")).not.toContain("hush");
});
