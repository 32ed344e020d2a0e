import { describe, expect, it } from "vitest";
import { type Bytes, toBase64url } from "../bytes.ts";
import { SPINE_ENTRY_LENGTH } from "../wire/http.ts";
import { LIMITS } from "../wire/limits.ts";
import { checkAncestor, parseLineage } from "./origin.ts";

const head = (byte: number): Bytes => new Uint8Array(32).fill(byte);

describe("O4: what a fork names of its source", () => {
  const spine = { length: 3, headAt: head };

  it("leads to what was sealed there, at its end or before", () => {
    for (const seq of [1, 2, 3]) expect(checkAncestor({ seq, head: head(seq) }, spine)).toBeUndefined();
  });

  it("is refused where it leads elsewhere, or ends before the seal", () => {
    for (const seal of [
      { seq: 3, head: head(2) },
      { seq: 4, head: head(4) },
    ]) {
      expect(() => checkAncestor(seal, spine)).toThrow(expect.objectContaining({ code: "seal_mismatch" }));
    }
  });
});

describe("O4: a part of a lineage", () => {
  const part = (bytes: number) =>
    parseLineage({ chat: 0, from: 1, entries: toBase64url(new Uint8Array(bytes)) }).entries.length;

  it("has from one entry to as many as one amendment may", () => {
    for (const count of [1, LIMITS.lineageEntries]) {
      expect(part(count * SPINE_ENTRY_LENGTH)).toBe(count * SPINE_ENTRY_LENGTH);
    }
  });

  it("is malformed with none, with more, and with half of one", () => {
    for (const bytes of [0, (LIMITS.lineageEntries + 1) * SPINE_ENTRY_LENGTH, SPINE_ENTRY_LENGTH + 1]) {
      expect(() => part(bytes)).toThrow(expect.objectContaining({ code: "malformed" }));
    }
  });
});
