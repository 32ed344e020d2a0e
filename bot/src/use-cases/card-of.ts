import { createHash } from "node:crypto";
import { ClientError, type PreviewCard } from "@openmates-share/client";
import { embedPreview, unfurlBlocks } from "../screens/cards.ts";
import type { GivenLink } from "../slack/share-link-text.ts";
import type { Block } from "../slack/slack.ts";
import type { Workspace } from "../workspace.ts";

/** What a link shows at the moment. */
export type LinkCard =
  | { readonly state: "shown"; readonly blocks: Block[]; readonly said: Uint8Array }
  /** Nothing, to everybody who has it: revoked, expired, or never there. */
  | { readonly state: "gone" };

/** The card of a link as it is now: what its owner made public, and what the link itself tells whoever has it. */
export async function cardOf(workspace: Workspace, link: GivenLink): Promise<LinkCard> {
  const { subject, original, hasKey } = link;
  const { sharing, shares, team, lookAt } = workspace;
  const [preview, facts, [share]] = await Promise.all([
    subject.type === "chat" ? sharing.preview(subject.id) : embedPreview(),
    hasKey ? lookAt(original.reveal()).catch(goneOrUnknown) : unknown,
    subject.type === "chat" ? shares.byChat({ team, chat: subject.id }) : [],
  ]);
  // Without a key nobody can tell a chat without a preview from none: nothing is said then.
  if (facts === "gone" || (!hasKey && preview.generic)) return { state: "gone" };
  const blocks = unfurlBlocks({
    preview,
    url: hasKey ? original : null,
    subject,
    ...facts,
    expiresAt: share?.expiresAt ?? null,
    stoppable: share !== undefined,
  });
  return { state: "shown", blocks, said: saidBy(preview, { ...facts, expiresAt: share?.expiresAt ?? null }) };
}

const unknown = { mode: null, messages: null } as const;

/** A card is worth showing without what cannot be found out at the moment. */
function goneOrUnknown(error: unknown): "gone" | typeof unknown {
  return error instanceof ClientError && error.code === "not_found" ? "gone" : unknown;
}

/** Of everything that a card says but the link. */
function saidBy(preview: PreviewCard, facts: object): Uint8Array {
  return createHash("sha256")
    .update(JSON.stringify([preview, facts]))
    .digest();
}

/** What the card of a link that shows nothing any more says. */
export const GONE = createHash("sha256").update("gone").digest();
