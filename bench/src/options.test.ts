import { expect, it } from "vitest";
import { readOptions } from "./options.ts";

it("readOptions takes names and flags in any order", () => {
  const all = { names: [], json: false, check: false, small: false };
  expect(readOptions([], ["bundle"])).toEqual(all);
  expect(readOptions(["--json", "bundle", "--check"], ["bundle"])).toEqual({
    ...all,
    names: ["bundle"],
    json: true,
    check: true,
  });
});

it("readOptions refuses what it does not know", () => {
  expect(() => readOptions(["bundles"], ["bundle", "opening"])).toThrow("There are: bundle, opening");
  expect(() => readOptions(["--fast"], ["bundle"])).toThrow("--fast");
});
