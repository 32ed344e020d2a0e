import { expect, test } from "vitest";
import { readAddress, readAddresses } from "./addresses.ts";

test.each([
  ["ada@example.org", "ada@example.org"],
  [" Ada@Example.ORG ", "ada@example.org"],
  ["Ada Lovelace <ada@example.org>", "ada@example.org"],
  ["mailto:ada@example.org", "ada@example.org"],
  ["ada+share@mail.example.org", "ada+share@mail.example.org"],
  ["ä@bücher.example", "ä@bücher.example"],
  ["ada", null],
  ["ada@", null],
  ["@example.org", null],
  ["ada@example", null],
  ["ada@example..org", null],
  ["ada @example.org", null],
  ["a@b@example.org", null],
  [`${"a".repeat(65)}@example.org`, null],
  [`a@${"b".repeat(250)}.org`, null],
])("%j is the address %j", (text, address) => {
  expect(readAddress(text)).toBe(address);
});

test("a pasted list gives each address once, and names what is none", () => {
  expect(readAddresses("Ada <ada@example.org>, bob@example.org;\nADA@example.org carol@example.org dave")).toEqual({
    addresses: ["ada@example.org", "bob@example.org", "carol@example.org"],
    rest: ["dave"],
  });
});
