import type { LinkMode, PreviewCard } from "@openmates-share/client";
import { cutFragments } from "../firewall/cut-fragments.ts";
import type { Secret } from "../firewall/secret.ts";
import type { Block, Card } from "../slack/slack.ts";
import { categoryLabel } from "./category-label.ts";
import { address, literal, note, section } from "./mrkdwn-text.ts";

/** The button that only opens a link; Slack reports its clicks all the same. */
export const OPEN_ACTION = "open_link";
export const STOP_ACTION = "stop_sharing";
export const UPDATE_ACTION = "update_share";

const KEY_NOTE = "Slack holds this link, key included; the server does not.";

/** What a chat shared just now is announced with; without the key when that goes another way. */
export function sharedCard(options: {
  url: Secret;
  /** The link with its key, or null when the card is to stand without it. */
  key: Secret | null;
  title: string;
  user: string;
  messages: number;
  mode: LinkMode;
  password: boolean;
}): Card {
  const { url, key, title, user, messages, mode, password } = options;
  const what = `${messages} ${messages === 1 ? "message" : "messages"}`;
  const manner = mode === "collaborative" ? "can read the chat and write in it" : "can read the chat";
  const head = section(`:lock: *${literal(title)}*\n<@${user}> shared ${what} from here as an encrypted chat.`);
  if (key === null) {
    const page = pageOf(url);
    return {
      text: `${literal(title)}: ${page}`,
      blocks: [
        head,
        section(`<${page}>`),
        note(`The key is not here: <@${user}> sends it. Without it nobody ${manner}.`),
      ],
    };
  }
  const who = password ? "Whoever has the link and its password" : "Whoever sees this link";
  return {
    text: `${literal(title)}: ${address(url.reveal())}`,
    blocks: [head, openButton(url, mode), note(`${who} ${manner}. ${KEY_NOTE}`)],
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

/** A card for a chat that exists already. */
export function existingCard({ url, preview, user }: { url: Secret; preview: PreviewCard; user: string }): Card {
  return {
    text: `${literal(preview.title)}: ${address(url.reveal())}`,
    blocks: [...previewBlocks(preview), openButton(url), note(`Posted by <@${user}>. ${KEY_NOTE}`)],
  };
}

/** What stands under a pasted link; the link itself is in the message already. */
export function unfurlBlocks(preview: PreviewCard): Block[] {
  const category = preview.category ? ` · ${categoryLabel(preview.category)}` : "";
  return [...previewBlocks(preview), note(`:lock: OpenMates Share · end-to-end encrypted${category}`)];
}

/** For embeds, whose content no server knows anything about. */
export function embedPreview(): PreviewCard {
  return {
    title: "A shared item",
    summary: "End-to-end encrypted: open the link to see it.",
    category: null,
    image: "",
    generic: true,
  };
}

function previewBlocks({ title, summary, image }: PreviewCard): Block[] {
  const text = [`*${literal(title)}*`, literal(summary)].filter(Boolean).join("\n");
  const accessory = isPublic(image)
    ? ({ type: "image", image_url: image, alt_text: "OpenMates Share" } as const)
    : null;
  return [{ type: "section", text: { type: "mrkdwn", text }, ...(accessory ? { accessory } : {}) }];
}

function openButton(url: Secret, mode: LinkMode | null = null): Block {
  return {
    type: "actions",
    elements: [
      {
        type: "button",
        action_id: OPEN_ACTION,
        style: "primary",
        text: { type: "plain_text", text: mode === "collaborative" ? "Join the chat" : "Open the chat" },
        url: url.reveal(),
      },
    ],
  };
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
