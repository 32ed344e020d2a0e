import type { EmbedType } from "@openmates-share/client";

/** What an embed is, in a word. */
export function typeLabel(type: EmbedType): string {
  return type === "pdf" ? "PDF" : type.slice(0, 1).toUpperCase() + type.slice(1);
}
