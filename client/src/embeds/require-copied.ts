import type { EmbedRef } from "@openmates-share/protocol/content";
import { type EmbedHeader, embedRoot } from "@openmates-share/protocol/embed";
import { equalBytes, ProtocolError } from "@openmates-share/protocol/wire";

/**
 * A file in a message that was copied from another chat has to be the one that was signed there (SPEC O8).
 * @throws ProtocolError `bad_signature`
 */
export async function requireCopied(ref: EmbedRef, { digests }: Pick<EmbedHeader, "digests">): Promise<void> {
  if (!ref.content || equalBytes(ref.content, await embedRoot(digests))) return;
  throw new ProtocolError("bad_signature", "This file is not the one that was in the chat it was copied from.");
}
