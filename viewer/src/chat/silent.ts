import type { Content } from "@openmates-share/client";

/** Whether it has no place of its own in the list: it is seen in the messages that it is about, or told of above all of them. */
export function isSilent(content: Content): boolean {
  return SILENT.has(content.type === "unknown" ? content.named : content.type);
}

const SILENT: ReadonlySet<string> = new Set([
  "edit",
  "redaction",
  "reaction",
  "withholding",
  "offering",
  "origin",
  "lineage",
]);
