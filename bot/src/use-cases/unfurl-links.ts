import type { Secret } from "../firewall/secret.ts";
import { linkBlocks } from "../screens/cards.ts";
import type { GivenLink } from "../slack/share-link-text.ts";
import type { Block, UnfurlTarget } from "../slack/slack.ts";
import type { CardSpot } from "../stores/card-store.ts";
import type { UnfurlSpot } from "../stores/stores.ts";
import type { Workspace } from "../workspace.ts";
import { cardOf } from "./card-of.ts";
import { ourLinks } from "./our-links.ts";

interface Unfurl {
  readonly spot: UnfurlSpot;
  readonly subject: string;
  readonly link: GivenLink;
  readonly url: Secret;
  readonly blocks: Block[];
  readonly said: Uint8Array;
}

/** A message with links: posted, or still being written. */
export interface LinksMessage {
  readonly links: readonly GivenLink[];
  readonly target: UnfurlTarget;
  readonly place: string;
  /** Null while it is being written. */
  readonly posted: { readonly channel: string; readonly ts: string; readonly thread: string | null } | null;
  /** Whether the bot can read the message again, to keep its cards true; else they say as of when they are. */
  readonly readable: boolean;
}

/** What became of the links of a message. */
export interface Unfurled {
  readonly carded: readonly GivenLink[];
  /** Those of this server that, with their keys, show nothing. */
  readonly empty: readonly GivenLink[];
}

/**
 * Puts cards under the share links of one message: by their public preview, or the generic card when there is none. Silent for other hosts, for links that show nothing, and for links that had their
 * card in this place within half an hour.
 */
export async function unfurlLinks(workspace: Workspace, message: LinksMessage): Promise<Unfurled> {
  const { links, target, place, posted, readable } = message;
  const ours = await ourLinks(workspace, links);
  const asOf = posted && !readable ? Date.now() : null;
  const prepared = await Promise.allSettled(ours.map((link) => prepare(workspace, { link, place, asOf })));
  const made = prepared.flatMap((one) => (one.status === "fulfilled" && one.value ? [one.value] : []));
  const unfurls = made.flatMap((one) => (one === "empty" ? [] : [one]));
  const empty = prepared.flatMap((one, at) =>
    one.status === "fulfilled" && one.value === "empty" ? (ours[at] ?? []) : [],
  );
  if (unfurls.length === 0) {
    // One that failed must not keep the others from their cards; when nothing came of any, it is said.
    for (const one of prepared) if (one.status === "rejected") throw one.reason;
    return { carded: [], empty };
  }
  try {
    await workspace.slack.unfurl({ target, cards: unfurls });
  } catch (error) {
    await Promise.all(unfurls.map(({ spot }) => workspace.unfurls.release(spot)));
    throw error;
  }
  const { team, cards } = workspace;
  if (posted && readable) {
    await Promise.all(unfurls.map(({ subject, said }) => cards.keep({ team, ...posted, subject, said })));
  }
  return { carded: unfurls.map(({ link }) => link), empty };
}

async function prepare(
  workspace: Workspace,
  { link, place, asOf }: { link: GivenLink; place: string; asOf: number | null },
): Promise<Unfurl | "empty" | null> {
  const { team, unfurls } = workspace;
  const subject = subjectOf(link);
  const spot = { team, place, subject };
  if (!(await unfurls.claim(spot))) return null;
  try {
    const card = await cardOf(workspace, link);
    if (card.state === "shown") {
      return { spot, subject, link, url: link.original, blocks: linkBlocks(card.sayings, { asOf }), said: card.said };
    }
  } catch (error) {
    await unfurls.release(spot);
    throw error;
  }
  // It may be there the next time.
  await unfurls.release(spot);
  return link.hasKey ? "empty" : null;
}

export function subjectOf({ subject }: Pick<GivenLink, "subject">): CardSpot["subject"] {
  return `${subject.type} ${subject.id}`;
}
