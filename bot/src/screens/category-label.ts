import type { EmbedType } from "@openmates-share/client";

/** `software_development` as people write it. */
export function categoryLabel(category: string): string {
  const words = category.replaceAll("_", " ");
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

/** What an embed is, in a word. */
export function typeLabel(type: EmbedType): string {
  return type === "pdf" ? "PDF" : categoryLabel(type);
}
