import type { Bytes } from "../bytes.ts";
import { openLinkLabel, sealLinkLabel } from "../crypto/link-label.ts";
import type { ChatId, LinkId } from "../wire/ids.ts";
import type { EmbedKey } from "./embed-key.ts";

/** What the owner calls a link of an embed: as for a chat (SPEC F10). @throws ProtocolError `too_large` */
export function sealEmbedLinkLabel(options: { embedKey: EmbedKey; link: LinkId; text: string }): Promise<Bytes> {
  const { embedKey, ...label } = options;
  return sealLinkLabel({ ...label, chatKey: asSubject(embedKey) });
}

/** @throws ProtocolError as `openLinkLabel` */
export function openEmbedLinkLabel(options: { embedKey: EmbedKey; link: LinkId; sealed: Bytes }): Promise<string> {
  const { embedKey, ...label } = options;
  return openLinkLabel({ ...label, chatKey: asSubject(embedKey) });
}

/** The label's place takes the 16 bytes of either id; the keys differ anyway. */
function asSubject({ embed, labelKey }: EmbedKey) {
  return { chat: embed as string as ChatId, epoch: 1, labelKey };
}
