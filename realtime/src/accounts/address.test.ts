import { describe, expect, test } from "vitest";
import { parseAddress } from "./address.ts";

describe("parseAddress", () => {
  test.each([
    ["ada@example.org", "ada@example.org"],
    ["  Ada.Lovelace+share@Example.ORG \n", "ada.lovelace+share@example.org"],
    ["o'neil@example.co.uk", "o'neil@example.co.uk"],
    ["jörg@bücher.example", "jörg@xn--bcher-kva.example"],
    ["jo\u0308rg@BU\u0308CHER.example", "jörg@xn--bcher-kva.example"],
    [`${"a".repeat(64)}@example.org`, `${"a".repeat(64)}@example.org`],
  ])("reads %j", (text, address) => {
    expect(parseAddress(text)).toBe(address);
  });

  test.each([
    "",
    "@",
    "ada",
    "ada@",
    "@example.org",
    "ada@localhost",
    "ada@127.0.0.1",
    "ada@[127.0.0.1]",
    "ada@example.org:25",
    "ada@exa mple.org",
    "ada@example.org, eve@example.org",
    "ada@example.org;eve@example.org",
    "Ada <ada@example.org>",
    '"ada eve"@example.org',
    "ada@eve@example.org",
    ".ada@example.org",
    "ada..l@example.org",
    "ada@-example.org",
    "ada@example..org",
    "ada@example.org\r\nBcc: eve@example.org",
    "ada\r\nRCPT TO:<eve@example.org>@example.org",
    "ada\u0000@example.org",
    "ada(comment)@example.org",
    "ada\\@example.org",
    "ada\u200b@example.org",
    `${"a".repeat(65)}@example.org`,
    `a@${"b.".repeat(130)}org`,
  ])("takes %j for no address", (text) => {
    expect(parseAddress(text)).toBeNull();
  });
});
