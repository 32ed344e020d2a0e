import type { SenderId } from "@openmates-share/client";

/** Hexadecimal digits of a group: what one reads aloud in one go. */
const GROUP = 4;

/** A sender id (128 bits of their key's hash) as people compare it: `1a2b 3c4d …`, eight groups. */
export function fingerprintOf(sender: SenderId): string {
  const bytes = atob(sender.replaceAll("-", "+").replaceAll("_", "/"));
  return grouped(Array.from(bytes, (byte) => byte.charCodeAt(0)));
}

/** The beginning of a hash, which is enough to tell two apart; whoever lies can't choose it. */
export function shortHash(hash: Uint8Array): string {
  return grouped([...hash.subarray(0, 8)]);
}

function grouped(bytes: readonly number[]): string {
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.match(new RegExp(`.{${GROUP}}`, "g"))?.join(" ") ?? hex;
}
