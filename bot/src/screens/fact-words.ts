import type { LinkFacts, ShareLink } from "@openmates-share/client";
import { counted, when } from "./words.ts";

const MODE_WORDS = { "read-only": "read only", collaborative: "open for writing" } as const;

/** How much a link shows, what it lets people do and until when. Embeds are to be looked at, which goes without saying. */
export function factWords({ mode, messages, expiresAt }: LinkFacts, type: ShareLink["subject"]["type"]): string[] {
  return [
    ...(messages === null ? [] : [counted(messages, "message")]),
    ...(type === "chat" ? [MODE_WORDS[mode]] : []),
    expiresAt === null ? "no end date" : `ends ${when(expiresAt)}`,
  ];
}
