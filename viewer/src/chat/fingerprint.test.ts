import type { SenderId } from "@openmates-share/client";
import { expect, test } from "vitest";
import { fingerprintOf, shortHash } from "./fingerprint.ts";

test("a key is compared in groups of digits, all 128 bits of it", () => {
  expect(fingerprintOf("AAECAwQFBgcICQoLDA0O_w" as SenderId)).toBe("0001 0203 0405 0607 0809 0a0b 0c0d 0eff");
  expect(fingerprintOf("_-8BAgMEBQYHCAkKCwwNDg" as SenderId)).toMatch(/^ffef 0102 /);
});

test("of a hash the beginning is shown", () => {
  expect(shortHash(new Uint8Array(32).fill(0xab))).toBe("abab abab abab abab");
});
