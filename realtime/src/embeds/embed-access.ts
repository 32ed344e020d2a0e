import type { LinkId } from "@openmates-share/protocol/wire";
import { type Access, isAlive, type LinkFacts } from "../access/access.ts";
import type { AccountId } from "../accounts/account-id.ts";

/** An embed, as far as access goes. */
export interface EmbedFacts {
  readonly owner: AccountId;
  /** Everything is uploaded. */
  readonly complete: boolean;
  /** Whether it belongs to a chat. */
  readonly inChat: boolean;
}

/** Everything that access to an embed depends on. */
export interface EmbedAccessFacts {
  /** Null: there is no such embed. */
  readonly embed: EmbedFacts | null;
  /** The session's account; null without one. */
  readonly account: AccountId | null;
  /** The embed's link shown; `proven` only if its access token was right. */
  readonly link: (Pick<LinkFacts, "link" | "expiresAt" | "revokedAt"> & { readonly proven: boolean }) | null;
  /** What `accessTo` says of the chat that the embed belongs to; `not_found` when it belongs to none. */
  readonly chat: Access | "not_found";
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What somebody may do with an embed right now. */
export interface EmbedAccess {
  readonly role: "owner" | "reader";
  /** Make and revoke links, choose a card. */
  readonly mayManage: boolean;
  /** Into a chat only while one may write there: `chat_closed` for members while the owner has closed it. */
  readonly upload: "yes" | "chat_closed" | "no";
  readonly mayErase: boolean;
  /** The link of the embed that was shown, when it is good: whoever shows it gets its wrapped key. */
  readonly shown: LinkId | null;
  /** When access ends by itself, milliseconds since 1970; null for never. */
  readonly until: number | null;
}

/**
 * The one rule about who may do what with an embed (R4). The first of these that holds decides:
 *
 * 1. The embed is not there: `not_found`.
 * 2. The account owns it: everything, also while it is being uploaded; that goes on only while its chat, if it belongs to
 *    one, lets this person write.
 * 3. It is not all there yet: `not_found`.
 * 4. A link of the embed is shown, alive, and its token right: reads it.
 * 5. It belongs to a chat in which this person may read: reads it. Whoever owns that chat may also erase it.
 * 6. Otherwise: `not_found`, the same answer as 1 (R6).
 *
 * So what ends access to the chat, ends access to what is in it; an embed's own links go on until they are revoked. The
 * cut-off plays no part: which embeds there are, and their keys, stand inside the messages.
 */
export function accessToEmbed(facts: EmbedAccessFacts): EmbedAccess | "not_found" {
  const { embed, account, link, chat, now } = facts;
  if (embed === null) return "not_found";
  const shown = link?.proven && isAlive(link, now) ? link.link : null;
  if (account !== null && account === embed.owner) {
    return { role: "owner", mayManage: true, mayErase: true, upload: uploadInto(embed, chat), shown, until: null };
  }
  if (!embed.complete) return "not_found";
  if (shown === null && chat === "not_found") return "not_found";
  const mayErase = chat !== "not_found" && chat.mayManage;
  const ends = [...(shown === null ? [] : [link?.expiresAt ?? null]), ...(chat === "not_found" ? [] : [chat.until])];
  return { role: "reader", mayManage: false, mayErase, upload: "no", shown, until: latest(ends) };
}

/** Of several ways in, the one that lasts longest; null lasts for ever. */
function latest(ends: readonly (number | null)[]): number | null {
  return ends.includes(null) ? null : Math.max(...ends.map(Number));
}

function uploadInto({ inChat }: EmbedFacts, chat: EmbedAccessFacts["chat"]): EmbedAccess["upload"] {
  if (!inChat) return "yes";
  if (chat === "not_found") return "no";
  if (chat.mayWrite) return "yes";
  return chat.role === "member" ? "chat_closed" : "no";
}
