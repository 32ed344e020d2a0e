import { expect, test } from "vitest";
import { plainLine } from "./plain-line.ts";

test.each([
  ["an override that turns a file's name around", "invoice\u202Egpj.exe", "invoicegpj.exe"],
  ["isolates and marks", "\u2066a\u2069\u200eb\u200fc\u061cd", "abcd"],
  ["zero-width characters between letters", "pay\u200bpal\u2060\ufeff \u200dx\u200c", "paypal x"],
  ["fillers that look like nothing", "\u3164\u115f\uffa0", ""],
  ["tags", "a\u{e0041}\u{e0042}", "a"],
  ["line ends and controls", "one\r\ntwo\u0000\u001b[31m\u2028three", "one two [31m three"],
  ["half characters", "a\ud800b", "ab"],
])("takes out %s", (_, text, plain) => {
  expect(plainLine(text)).toBe(plain);
});

test.each(["👨‍👩‍👧 Family", "می‌خواهم", "क्‍ष", "❤️‍🔥", "👩🏽‍🚀", "Käthe’s “plan” – 100 %", "日本語　".trim()])(
  "leaves %j as it is",
  (text) => {
    expect(plainLine(text)).toBe(text);
  },
);
