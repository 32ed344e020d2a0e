import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import {
  type Bytes,
  type ChatId,
  fromBase64url,
  ownBytes,
  SESSION_PREFIX,
  type SenderId,
} from "@openmates-share/protocol/wire";
import { describe, expect, test } from "vitest";
import { WireFailure } from "../http/failure.ts";
import { requireOwnSender } from "./sender-claim.ts";

interface Vector {
  readonly rule: string;
  readonly name: string;
  readonly chat: ChatId;
  readonly session: string;
  readonly sender: SenderId;
  readonly claim: string;
}

const vectors = new URL("../../../protocol/vectors/sender-claims.json", import.meta.url);
const { valid, invalid } = JSON.parse(readFileSync(vectors, "utf8")) as Record<"valid" | "invalid", Vector[]>;

const bytesOf = (text: string): Bytes => ownBytes(Buffer.from(text, "base64url"));

/** The code that it is refused with; null for none. */
function refusalOf(
  { chat, session, sender, claim }: Vector,
  claimed: Bytes | null = fromBase64url(claim),
): string | null {
  const hash = createHash("sha256")
    .update(bytesOf(session.slice(SESSION_PREFIX.length)))
    .digest();
  try {
    requireOwnSender({ chat, session: ownBytes(hash), sender, claim: claimed });
    return null;
  } catch (error) {
    if (error instanceof WireFailure) return error.code;
    throw error;
  }
}

describe("T92: a sender is claimed with its key", () => {
  test.each(valid.map((vector) => [vector.name, vector] as const))("%s is taken", (_, vector) => {
    expect(refusalOf(vector)).toBeNull();
  });

  test.each(invalid.map((vector) => [vector.name, vector] as const))("%s is not", (_, vector) => {
    expect(refusalOf(vector)).toBe("forbidden");
  });

  test("no bit of a claim can be another, and none is no claim", () => {
    for (const vector of valid.slice(0, 1)) {
      expect(refusalOf(vector, null)).toBe("forbidden");
      const claim = bytesOf(vector.claim);
      for (let bit = 0; bit < claim.length * 8; bit++) {
        const flipped = claim.slice();
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(refusalOf(vector, flipped), `bit ${bit}`).toBe("forbidden");
      }
    }
  });
});
