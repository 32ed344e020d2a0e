/** The element of a kept page that carries the chat. */
export const KEPT_CARRIER = "kept-chat";
/** Where the page that is built has it put in. */
const PLACE = "</body>";

/** Bytes turned into text at a time: a call takes only so many arguments. */
const PIECE = 0x8000;

/**
 * The page with a chat in it: one file that needs nothing else. Base64 has no character that could end the element.
 * @throws Error for what is no such page
 */
export function pageWith(template: string, bytes: Uint8Array): Blob {
  const at = template.lastIndexOf(PLACE);
  if (at === -1) throw new Error("The page has no place for a chat.");
  const carrier = [`<script type="application/octet-stream" id="${KEPT_CARRIER}">`, ...base64(bytes), "</script>"];
  return new Blob([template.slice(0, at), ...carrier, template.slice(at)], { type: "text/html;charset=utf-8" });
}

function base64(bytes: Uint8Array): string[] {
  const pieces: string[] = [];
  // Multiples of three, so that no piece ends in padding.
  const step = PIECE * 3;
  for (let at = 0; at < bytes.length; at += step) {
    let binary = "";
    for (let from = at; from < Math.min(at + step, bytes.length); from += PIECE) {
      binary += String.fromCharCode(...bytes.subarray(from, Math.min(from + PIECE, at + step)));
    }
    pieces.push(btoa(binary));
  }
  return pieces;
}
