import { describe, expect, it } from "vitest";
import { durationFrom, linkOptionsFrom } from "./link-flags.ts";

const DAY = 24 * 60 * 60 * 1000;

describe("what the command line says about a link", () => {
  it.each([
    ["1h", DAY / 24],
    ["7d", 7 * DAY],
    ["2w", 14 * DAY],
    [" 1y ", 365 * DAY],
  ])("reads %s", (text, expected) => {
    expect(durationFrom(text)).toBe(expected);
  });

  it.each(["", "7", "d", "0d", "2y", "7 d", "-7d", "1.5d", "99999h", "7days"])("refuses %j", (text) => {
    expect(() => durationFrom(text)).toThrow("an hour to a year");
  });

  it("is read-only, for good and for any number unless told", () => {
    expect(linkOptionsFrom({})).toEqual({ mode: "read-only", expiresAt: null, viewLimit: null, label: null });
    const flags = { mode: "collaborative", expires: "7d", views: "5", label: "for\u001b[31m Grace" };
    expect(linkOptionsFrom(flags, 1000)).toEqual({
      mode: "collaborative",
      expiresAt: 1000 + 7 * DAY,
      viewLimit: 5,
      label: "for[31m Grace",
    });
  });

  it.each([{ views: "0" }, { views: "many" }, { mode: "open" }, { mode: "read-only", collaborative: true }])(
    "refuses %j",
    (flags) => {
      expect(() => linkOptionsFrom(flags)).toThrow();
    },
  );
});
