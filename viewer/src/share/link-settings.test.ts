import { describe, expect, it, test } from "vitest";
import { expiryTime, localTime } from "./expiry.ts";
import { checkSettings, DEFAULT_SETTINGS, linkOptions, recipientsOf } from "./link-settings.tsx";

const NOW = new Date(2026, 4, 17, 12, 30).getTime();
const HOUR = 3_600_000;

test("a link is for everybody who has it, read-only, without password, name, limit or end, unless the owner says otherwise", () => {
  expect(linkOptions(DEFAULT_SETTINGS, NOW)).toEqual({
    mode: "read-only",
    password: null,
    label: null,
    expiresAt: null,
    viewLimit: null,
  });
  expect(recipientsOf(DEFAULT_SETTINGS)).toEqual([null]);
  expect(() => checkSettings(DEFAULT_SETTINGS, NOW)).not.toThrow();
});

test("a password is taken as it is, spaces included; a name is trimmed", () => {
  expect(linkOptions({ ...DEFAULT_SETTINGS, password: " a ", label: " team " }, NOW)).toMatchObject({
    password: " a ",
    label: "team",
  });
});

test.each([
  ["hour", HOUR],
  ["day", 24 * HOUR],
  ["week", 7 * 24 * HOUR],
  ["month", 30 * 24 * HOUR],
  ["year", 365 * 24 * HOUR],
] as const)("an end after a %s is that much later", (span, after) => {
  const settings = { ...DEFAULT_SETTINGS, expiry: { type: "after", span } } as const;
  expect(linkOptions(settings, NOW).expiresAt).toBe(NOW + after);
  expect(() => checkSettings(settings, NOW)).not.toThrow();
});

test("an end of one's own is in the person's own time", () => {
  const local = localTime(NOW + 48 * HOUR);
  expect(local).toBe("2026-05-19T12:30");
  expect(expiryTime({ type: "date", local }, NOW)).toBe(NOW + 48 * HOUR);
});

describe("a link that can't be made so", () => {
  it.each([
    ["nobody named", { audience: "named" }, /name at least one person/],
    ["a typed text that is no address", { audience: "named", typed: "ada" }, /“ada” is not an e-mail address/],
    ["no number of devices", { viewLimit: "many" }, /whole number/],
    ["no device", { viewLimit: "0" }, /whole number/],
    ["half a device", { viewLimit: "1.5" }, /whole number/],
    ["no day", { expiry: { type: "date", local: "" } }, /choose the day/],
    ["a day that has passed", { expiry: { type: "date", local: localTime(NOW - HOUR) } }, /an hour at the earliest/],
    ["a day in years", { expiry: { type: "date", local: localTime(NOW + 9_000 * HOUR) } }, /a year at the latest/],
  ] as const)("says what to change: %s", (_what, change, sentence) => {
    expect(() => checkSettings({ ...DEFAULT_SETTINGS, ...change }, NOW)).toThrow(sentence);
  });

  it("takes the address that was typed last along with the others", () => {
    const named = { ...DEFAULT_SETTINGS, audience: "named", addresses: ["ada@example.org"] } as const;
    expect(recipientsOf({ ...named, typed: "Bob@example.org" })).toEqual(["ada@example.org", "bob@example.org"]);
    expect(recipientsOf({ ...named, typed: "ada@example.org" })).toEqual(["ada@example.org"]);
    expect(() => checkSettings({ ...named, typed: "bob@example.org" }, NOW)).not.toThrow();
  });
});
