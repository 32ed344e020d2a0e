import type { ChatId, LinkId, LinkOptions, ShareClient, Shared, SharedChat } from "@openmates-share/client";
import { sentenceOf } from "../app/problem.tsx";

/** A link that is ready to be sent. */
export interface MadeLink {
  /** Of the person it is for; null for everybody who has it. */
  readonly address: string | null;
  readonly link: LinkId;
  readonly url: string;
}

/** A person whose link could not be made; the others' are. */
export interface Unmade {
  readonly address: string;
  readonly sentence: string;
}

export interface Made {
  readonly links: readonly MadeLink[];
  readonly unmade: readonly Unmade[];
}

function madeLink({ link, url }: SharedChat, address: string | null): MadeLink {
  return { address, link, url };
}

/** What sharing a conversation has made. */
export function madeOf({ address, others, unmade, ...first }: Shared): Made {
  return {
    links: [madeLink(first, address), ...others.map((other) => madeLink(other, other.address))],
    unmade: unmade.map((one) => ({ address: one.address, sentence: sentenceOf(one.error) })),
  };
}

/** One link for each of the people, in order. A link for everybody that can't be made throws; of people the others get theirs. */
export async function makeLinks(
  client: ShareClient,
  chat: ChatId,
  { recipients, options }: { recipients: readonly (string | null)[]; options: LinkOptions },
): Promise<Made> {
  const links: MadeLink[] = [];
  const unmade: Unmade[] = [];
  for (const address of recipients) {
    try {
      links.push(madeLink(await client.createLink(chat, { ...options, address }), address));
    } catch (error) {
      if (address === null) throw error;
      unmade.push({ address, sentence: sentenceOf(error) });
    }
  }
  return { links, unmade };
}
