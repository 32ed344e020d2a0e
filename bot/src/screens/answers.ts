import type { Secret } from "../firewall/secret.ts";
import type { Block, Card } from "../slack/slack.ts";
import type { Share } from "../stores/stores.ts";
import { STOP_ACTION, UPDATE_ACTION } from "./cards.ts";
import { address, literal, note, section, sentence } from "./mrkdwn-text.ts";
import { stopSharingButton } from "./stop-button.ts";
import { counted, plain, when } from "./words.ts";

export const HELP: Card = sentence(
  [
    "*OpenMates Share* turns messages into an encrypted chat that only people with the link can read.",
    "• `/share` picks messages of this channel and makes a link",
    "• in a thread: the message menu (⋮) → *Share as encrypted chat*",
    "• `/share <link>` posts a card for a chat that exists already",
    "• `/share list` shows what you have shared from Slack",
    "• `/share update <link>` adds what was written since",
    "• `/share stop <link>` ends a link",
    "• `/share help` shows this",
  ].join("\n"),
);

/** What the person who shared gets to see: the link, who holds it now, and what was left out. */
export function sharedAnswer(options: {
  url: Secret;
  messages: number;
  /** Why the card did not make it into the channel; null when it did, or was not wanted. */
  postProblem: string | null;
  posted: boolean;
  leftOut: readonly string[];
  more: boolean;
  /** What can be done where the channel has seen the key. */
  replace: Block[];
}): Card {
  const { url, messages, postProblem, posted, leftOut, more, replace } = options;
  const what = `${messages} ${messages === 1 ? "message is" : "messages are"} shared`;
  const where = posted ? `${what}, and the card is in the channel.` : `${what}. The link is yours to pass on:`;
  const blocks: Block[] = [
    section(`:white_check_mark: ${where}`),
    ...(more ? [section(":information_source: There were more messages; the newest ones are shared.")] : []),
    ...leftOutBlocks(leftOut),
    ...(postProblem ? [section(`:warning: Not everything could be posted: ${postProblem}`)] : []),
    section(`<${address(url.reveal())}>`),
    // Who may replace it is told the same there.
    ...(replace.length > 0
      ? replace
      : [note("The part after # is the key. Slack holds it now, as everybody does who sees this link.")]),
    note("`/share list` updates and ends what you have shared."),
  ];
  return { text: where, blocks };
}

/** Of a file's name: ten of them have to fit into the 3,000 characters of a section, however they are escaped. */
const NAME_SHOWN = 50;

function leftOutBlocks(names: readonly string[]): Block[] {
  if (names.length === 0) return [];
  const shown = names
    .slice(0, 10)
    .map((name) => literal(name.slice(0, NAME_SHOWN)))
    .join(", ");
  const rest = names.length > 10 ? " …" : "";
  return [section(`:warning: ${counted(names.length, "file")} could not be taken along: ${shown}${rest}`)];
}

/** What an update did. */
export function updatedAnswer({ added, leftOut }: { added: number; leftOut: readonly string[] }): Card {
  if (added === 0) return sentence("Nothing new has been written there since.");
  const text = `Updated: ${counted(added, "message")} added. Everybody with the link sees ${added === 1 ? "it" : "them"} now.`;
  return { text, blocks: [section(`:white_check_mark: ${text}`), ...leftOutBlocks(leftOut)] };
}

/** As many as one Slack message has room for, with its buttons. */
export const LISTED = 20;

export interface ListedShare extends Share {
  /** Null when the keys are gone. */
  readonly title: string | null;
  /** Whether a thread and the chat are mirrored to each other; null for a chat that no thread is mirrored to. */
  readonly mirror: "going" | "paused" | null;
}

/** A person's shares with a button to end each; without their keys, which a list has no need for. */
export function listAnswer(shares: readonly ListedShare[]): Card {
  if (shares.length === 0) return sentence("You have not shared anything from Slack, or have stopped all of it.");
  return {
    text: "What you have shared from Slack",
    blocks: [section("*What you have shared from Slack*"), ...shareRows(shares)],
  };
}

/** Shares with their states and buttons; on the list and on the Home tab. */
export function shareRows(shares: readonly ListedShare[]): Block[] {
  const more = note(`These are the newest ${LISTED}; older ones come up when some of these are stopped.`);
  return [...shares.flatMap(shareRow), ...(shares.length < LISTED ? [] : [more])];
}

function stateOf({ mirror, collaborative }: ListedShare): string {
  if (mirror !== null) return mirror === "going" ? "mirrored, both ways" : "mirrored, and paused at the moment";
  return collaborative ? "people write in it" : "to be read only";
}

function shareRow(share: ListedShare): Block[] {
  const { title, chat, channel, createdAt, expiresAt, mirror } = share;
  const ends = expiresAt === null ? "" : ` · ends ${when(expiresAt)}`;
  const text = `*${literal(title ?? "A chat")}*\n<#${channel}> · ${when(createdAt)} · ${stateOf(share)}${ends}`;
  // A mirror needs no telling.
  const update = { type: "button" as const, action_id: UPDATE_ACTION, text: plain("Update"), value: chat };
  return [
    section(text),
    {
      type: "actions",
      elements: [
        ...(mirror === null ? [update] : []),
        stopSharingButton({
          action: STOP_ACTION,
          chat,
          warning: "The link stops working at once. What readers have seen can't be taken back.",
        }),
      ],
    },
  ];
}
