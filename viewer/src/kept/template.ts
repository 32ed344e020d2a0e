import { KEPT_CARRIER } from "@openmates-share/client";

/** What `pageWith` put in; null when it isn't there or is no base64. */
export function carriedBytes(page: Document): Uint8Array<ArrayBuffer> | null {
  const text = page.getElementById(KEPT_CARRIER)?.textContent;
  if (!text) return null;
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
