import { concat } from "../bytes.ts";
import { label } from "../labels.ts";
import { sha256 } from "../primitives.ts";
import { idBytes, type SenderId } from "../wire/ids.ts";

/** Groups of a half, and what each is made of. */
const GROUPS = 6;
const GROUP_BYTES = 5;
const GROUP_DIGITS = 5;

/**
 * What two people compare to know that each has the other's key and nobody stands between them (SPEC H1): 60 digits, the
 * same whichever of the two asks. @throws ProtocolError `malformed` for what is no sender id
 */
export async function safetyNumber(one: SenderId, other: SenderId): Promise<string> {
  const halves = await Promise.all([one, other].map(halfOf));
  return halves.sort().join("");
}

async function halfOf(sender: SenderId): Promise<string> {
  const hash = await sha256(concat(label("safetyNumber"), idBytes(sender)));
  return Array.from({ length: GROUPS }, (_, i) => groupOf(hash.subarray(i * GROUP_BYTES, (i + 1) * GROUP_BYTES))).join(
    "",
  );
}

function groupOf(bytes: Uint8Array): string {
  // Below 2^40: a number holds it exactly.
  const value = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  return String(value % 10 ** GROUP_DIGITS).padStart(GROUP_DIGITS, "0");
}
