import type { Block, SlackChannel } from "../slack/slack.ts";
import { literal, note, section } from "./mrkdwn-text.ts";
import type { ShareForm } from "./share-form.ts";
import { EXPIRY_LABELS } from "./share-modal.ts";
import { counted } from "./words.ts";

/** What a form would share, as far as it was looked at. */
export interface Sample {
  readonly messages: number;
  readonly files: number;
  /** Whether there are more than were looked at, or than may be shared. */
  readonly more: boolean;
  /** The first and the last ones, in a line each. */
  readonly lines: readonly { readonly author: string; readonly text: string; readonly seconds: number }[];
}

/** Under the form: a sample of what will be shared, and who will be able to read it. */
export function outlookBlocks(options: {
  sample: Sample | { readonly problem: string };
  form: ShareForm;
  channel: SlackChannel | null;
  password: boolean;
}): Block[] {
  const { sample, form, channel, password } = options;
  return [
    { type: "divider" },
    section("problem" in sample ? `:warning: ${sample.problem}` : sampleText(sample, form)),
    section(`*Who will be able to read it*\n${readers({ form, channel, password }).join("\n")}`),
    note("The messages are encrypted before they leave this app; the server can't read them."),
  ];
}

function sampleText({ messages, files, more, lines }: Sample, form: ShareForm): string {
  const about = more ? "at least " : "";
  const what = `${about}${counted(messages, "message")}`;
  const with_ = files === 0 ? "" : ` and ${counted(files, "file")}${form.files ? "" : " (named only)"}`;
  const shown = lines.map(
    ({ author, text, seconds }) => `> <!date^${seconds}^{date_short} {time}|then> *${literal(author)}* ${text}`,
  );
  return [`*What will be shared: ${what}${with_}*`, ...shown].join("\n");
}

/** Computed from what the form says, one sentence each. */
export function readers(options: { form: ShareForm; channel: SlackChannel | null; password: boolean }): string[] {
  const { form, channel, password } = options;
  const locked = password ? ", if they know the password" : "";
  const write = form.mode === "collaborative" ? " They can write in it, too." : "";
  return [
    `• ${gets(form, channel)}, and whoever they pass the link on to${locked}.${write}`,
    `• The link works ${EXPIRY_LABELS[form.expiry]}.`,
    form.preview
      ? "• Title, summary and category: everybody who has the chat's address, and the server."
      : "• Title and content: nobody else, not even the server.",
    slackHolds(form),
  ];
}

function gets({ audience, people }: ShareForm, channel: SlackChannel | null): string {
  const picked = people.length === 0 ? "you" : `you and ${people.map((user) => `<@${user}>`).join(", ")}`;
  switch (audience) {
    case "channel":
      return everybodyIn(channel);
    case "apart":
    case "people":
      return capital(picked);
    case "me":
      return "You";
  }
}

function everybodyIn(channel: SlackChannel | null): string {
  if (!channel) return "Everybody in this conversation";
  const members = channel.members === null ? "" : ` (${counted(channel.members, "member")})`;
  const outside = channel.external ? ", *also people of other organisations*" : "";
  return `Everybody in <#${channel.id}>${members}${outside}`;
}

function slackHolds({ audience }: ShareForm): string {
  if (audience === "channel") return "• Slack: it has these messages already, and will hold the link with its key.";
  return "• Slack: it has these messages already, and will hold the link with its key in your direct messages.";
}

function capital(words: string): string {
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
