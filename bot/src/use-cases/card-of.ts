import { createHash } from "node:crypto";
import { ClientError, type LinkFacts } from "@openmates-share/client";
import type { LinkSayings } from "../screens/cards.ts";
import type { GivenLink } from "../slack/share-link-text.ts";
import type { Share } from "../stores/stores.ts";
import type { Workspace } from "../workspace.ts";

/** What a link shows at the moment. */
export type LinkCard =
  | { readonly state: "shown"; readonly sayings: LinkSayings; readonly said: Uint8Array }
  /** Nothing, to everybody who has it: revoked, expired, or never there. */
  | { readonly state: "gone"; readonly said: Uint8Array };

/**
 * What to say of a link as it is now: what its owner made public, and what the link itself tells whoever has it.
 *
 * @throws ClientError while the server can't be asked
 */
export async function cardOf(workspace: Workspace, link: GivenLink): Promise<LinkCard> {
  const { subject, original, hasKey } = link;
  const { sharing, shares, team, lookAt } = workspace;
  const [preview, seen, [share]] = await Promise.all([
    subject.type === "chat" ? sharing.preview(subject.id) : sharing.embedPreview(subject.id),
    hasKey ? lookAt(original.reveal()).catch(goneOrUnknown) : null,
    subject.type === "chat" ? shares.byChat({ team, chat: subject.id }) : [],
  ]);
  // Without a key nobody can tell something without a preview from nothing: nothing is said then.
  if (seen === "gone" || (!hasKey && preview.generic)) return { state: "gone", said: GONE };
  const facts = hasKey ? seen : factsOf(share);
  const url = hasKey ? original : null;
  const sayings = { preview, url, subject, facts, stoppable: share !== undefined };
  return { state: "shown", sayings, said: saidBy({ preview, facts }) };
}

/** Of a link without its key, as far as it was shared from here. */
function factsOf(share: Share | undefined): LinkFacts | null {
  if (!share) return null;
  const { collaborative, expiresAt } = share;
  return { mode: collaborative ? "collaborative" : "read-only", messages: null, expiresAt };
}

/** A card is worth showing without what can't be found out, as of a key that was not copied whole. */
function goneOrUnknown(error: unknown): "gone" | null {
  if (!(error instanceof ClientError)) return null;
  if (error.retryable) throw error;
  return error.code === "not_found" ? "gone" : null;
}

/** Of everything that a card says but the link. */
function saidBy(sayings: Pick<LinkSayings, "preview" | "facts">): Uint8Array {
  return createHash("sha256").update(JSON.stringify(sayings)).digest();
}

const GONE: Uint8Array = createHash("sha256").update("gone").digest();
