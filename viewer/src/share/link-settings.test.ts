import { expect, test } from "vitest";
import { DEFAULT_SETTINGS, linkOptions } from "./link-settings.tsx";

const NOW = 1_000_000;

test("a link is read-only, without password, name or end, unless the owner says otherwise", () => {
  expect(linkOptions(DEFAULT_SETTINGS, NOW)).toEqual({
    mode: "read-only",
    password: null,
    label: null,
    expiresAt: null,
  });
});

test("a password is taken as it is, spaces included; a name is trimmed", () => {
  expect(linkOptions({ ...DEFAULT_SETTINGS, password: " a ", label: " team " }, NOW)).toMatchObject({
    password: " a ",
    label: "team",
  });
});

test.each([
  ["hour", 3_600_000],
  ["day", 86_400_000],
  ["week", 604_800_000],
  ["month", 2_592_000_000],
] as const)("an end after a %s is that much later", (expiry, after) => {
  expect(linkOptions({ ...DEFAULT_SETTINGS, expiry }, NOW).expiresAt).toBe(NOW + after);
});
