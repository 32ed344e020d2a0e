import {
  type ChatId,
  categoryName,
  type EmbedCard,
  type LinkFacts,
  type LinkMode,
  type PreviewCard,
  type ShareLink,
} from "@openmates-share/client";
import type { types } from "@slack/bolt";
import { cutFragments } from "../firewall/cut-fragments.ts";
import type { Secret } from "../firewall/secret.ts";
import type { Block, Card } from "../slack/slack.ts";
import { factWords } from "./fact-words.ts";
import { address, literal, note, section, sentence } from "./mrkdwn-text.ts";
import { stopSharingButton } from "./stop-button.ts";
import { typeLabel } from "./type-label.ts";
import { plain, when } from "./words.ts";

/** The button that only opens a link; Slack reports its clicks all the same. */
export const OPEN_ACTION = "open_link";
export const STOP_ACTION = "stop_sharing";
export const UPDATE_ACTION = "update_share";
/** Replace a link that a channel has seen: by one whose key goes apart, or that has a password. */
export const APART_ACTION = "rekey_apart";
export const LOCK_ACTION = "rekey_locked";

const KEY_NOTE = "Slack holds this link, key included; the server does not.";

/** What a chat shared just now is announced with; without the key when that goes another way. */
export function sharedCard(options: {
  chat: ChatId;
  url: Secret;
  /** The link with its key, or null when the card is to stand without it. */
  key: Secret | null;
  title: string;
  user: string;
  password: boolean;
  facts: LinkFacts;
}): Card {
  const { chat, url, key, title, user, password, facts } = options;
  const { mode } = facts;
  const manner = mode === "collaborative" ? "can read the chat and write in it" : "can read the chat";
  const said = `<@${user}> shared this conversation as an encrypted chat.`;
  const head = section(`:lock: *${literal(title)}*\n${said}\n${factWords(facts, "chat").join(" · ")}`);
  if (key === null) {
    const page = pageOf(url);
    return {
      text: `${literal(title)}: ${page}`,
      blocks: [
        head,
        section(`<${page}>`),
        { type: "actions", elements: [stopElement(chat)] },
        note(`The key is not here: <@${user}> sends it. Without it nobody ${manner}.`),
      ],
    };
  }
  const who = password ? "Whoever has the link and its password" : "Whoever sees this link";
  return {
    text: `${literal(title)}: ${address(url.reveal())}`,
    blocks: [
      head,
      { type: "actions", elements: [openElement(url, mode, "chat"), stopElement(chat)] },
      note(`${who} ${manner}. ${KEY_NOTE}`),
    ],
  };
}

/** A link as a direct message, whose card stands elsewhere without the key or nowhere. */
export function keyCard({ url, title, user }: { url: Secret; title: string; user: string }): Card {
  return {
    text: `${literal(title)}: the key to an encrypted chat`,
    blocks: [
      section(
        `:key: *${literal(title)}*\n<@${user}> gives you the key to this encrypted chat:\n<${address(url.reveal())}>`,
      ),
      note("Pass it on only to those who may read the chat. Slack holds it in this message; the server does not."),
    ],
  };
}

/** A link's address without its key. */
export function pageOf(url: Secret): string {
  return cutFragments(url.reveal());
}

/** A card for something that was shared already, by somebody who has its link. */
export function existingCard({ sayings, user }: { sayings: LinkSayings & { url: Secret }; user: string }): Card {
  const { preview, url } = sayings;
  return {
    text: `${literal(preview.title)}: ${address(url.reveal())}`,
    blocks: [...linkBlocks(sayings), note(`Posted by <@${user}>. ${KEY_NOTE}`)],
  };
}

/** What a card says of a link. */
export interface LinkSayings {
  readonly preview: PreviewCard | EmbedCard;
  /** Null when the message has the link without its key. */
  readonly url: Secret | null;
  readonly subject: ShareLink["subject"];
  /** Null when they can't be found out. */
  readonly facts: LinkFacts | null;
  /** Whether somebody here can end it. */
  readonly stoppable: boolean;
}

/**
 * What stands under a pasted link.
 *
 * @param options.asOf where nobody keeps it true: when it was, in milliseconds since 1970
 */
export function linkBlocks(sayings: LinkSayings, { asOf = null }: { asOf?: number | null } = {}): Block[] {
  const { preview, url, subject, facts, stoppable } = sayings;
  const words = [
    ":lock: OpenMates Share · end-to-end encrypted",
    sortOf(preview),
    ...(facts ? factWords(facts, subject.type) : []),
    ...(facts && asOf !== null ? [`as of ${when(asOf)}`] : []),
  ];
  const buttons = [
    ...(url ? [openElement(url, facts?.mode ?? null, subject.type === "chat" ? "chat" : "item")] : []),
    ...(stoppable ? [stopElement(subject.id)] : []),
  ];
  return [
    ...previewBlocks(preview),
    note(words.filter(Boolean).join(" · ")),
    ...(buttons.length > 0 ? [{ type: "actions" as const, elements: buttons }] : []),
  ];
}

function sortOf(preview: PreviewCard | EmbedCard): string {
  if ("type" in preview) return preview.type ? typeLabel(preview.type) : "";
  return preview.category ? categoryName(preview.category) : "";
}

/** In the place of a card whose link shows nothing any more. */
export const GONE_CARD: Card = {
  text: "This is no longer shared.",
  blocks: [note(":lock: This is no longer shared.")],
};

/** To whoever posted a link that got no card, alone: why, as far as anybody can know. */
export const NO_CARD: Card = sentence(
  "I put no card under your link, for it opens nothing for me: it has ended, is for one person only, or was not copied whole. Only you see this.",
);

/** To whoever pasted a link, alone: who holds its key now, and what can be done about it. */
export function keyHeldCard({ chat, mine }: { chat: ChatId | null; mine: boolean }): Card {
  const text =
    "Slack now holds this link's key (the part after #), as does everybody in this conversation. The server does not.";
  if (!mine || chat === null) {
    return {
      text,
      blocks: [
        note(`${text} Next time, set a password, or post the link without its key and send that in a direct message.`),
      ],
    };
  }
  const button = (action: string, label: string) => ({
    type: "button" as const,
    action_id: action,
    text: plain(label),
    value: chat,
  });
  return {
    text,
    blocks: [
      note(`${text} You can replace it: this link ends, and a new one takes its place.`),
      {
        type: "actions",
        elements: [button(APART_ACTION, "Link here, key in a direct message"), button(LOCK_ACTION, "Add a password")],
      },
    ],
  };
}

/** Takes the place of a card whose link has ended for a new one. */
export function rekeyedCard(options: { url: Secret; title: string; user: string; password: boolean }): Card {
  const { url, title, user, password } = options;
  const page = pageOf(url);
  const locked = password ? " and its password" : "";
  return {
    text: `${literal(title)}: ${page}`,
    blocks: [
      section(`:lock: *${literal(title)}*\n<@${user}> has replaced the link of this encrypted chat:\n<${page}>`),
      note(`The key${locked} is not here: <@${user}> sends it. The link before no longer works.`),
    ],
  };
}

/** In the place of the card of a share that was stopped. */
export function stoppedCard(user: string): Card {
  const text = `<@${user}> has ended this share.`;
  return { text, blocks: [note(`:lock: ${text} The link no longer works.`)] };
}

function previewBlocks(preview: PreviewCard | EmbedCard): Block[] {
  const { title, summary, image } = preview;
  const text = [`*${literal(title)}*`, literal(summary)].filter(Boolean).join("\n");
  const accessory = isPublic(image)
    ? ({ type: "image", image_url: image, alt_text: sortOf(preview) || "OpenMates Share" } as const)
    : null;
  return [{ type: "section", text: { type: "mrkdwn", text }, ...(accessory ? { accessory } : {}) }];
}

export function openElement(url: Secret, mode: LinkMode | null, what: string): types.Button {
  return {
    type: "button",
    action_id: OPEN_ACTION,
    style: "primary",
    text: plain(`${mode === "collaborative" ? "Join" : "Open"} the ${what}`),
    url: url.reveal(),
  };
}

/** Everybody sees it, and it is its sharer's alone: who else presses it is told so. */
function stopElement(chat: string): types.Button {
  const warning = "Only who shared it can. The link stops working at once.";
  return stopSharingButton({ action: STOP_ACTION, chat, warning });
}

/**
 * Whether Slack's servers can fetch an image: they refuse the whole message when one does not load, and a server on
 * one's own machine is not for them to reach.
 */
export function isPublic(image: string): boolean {
  if (!URL.canParse(image)) return false;
  const { protocol, hostname } = new URL(image);
  return (
    protocol === "https:" &&
    hostname.includes(".") &&
    !/^[\d.]+$|^\[|\.(?:local|localhost|internal|test)$/u.test(hostname)
  );
}
