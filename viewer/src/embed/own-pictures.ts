import type { EmbedId } from "@openmates-share/client";

/** Pictures just sent from here, the newest: others are fetched like everybody's. */
const MOST = 24;
const sent = new Map<EmbedId, Blob>();

/** Keeps the bytes of a picture that goes out, for as long as the page is open. */
export function keepOwnPicture(embed: EmbedId, picture: Blob): void {
  sent.set(embed, picture);
  for (const oldest of sent.keys()) if (sent.size > MOST) sent.delete(oldest);
}

/** A picture that was sent from here and need not be fetched; null for every other. */
export function ownPicture(embed: EmbedId): Blob | null {
  return sent.get(embed) ?? null;
}
