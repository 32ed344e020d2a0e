import { namesIn } from "../conversation/names-in.ts";
import { authorName, textOf } from "../conversation/slack-conversation.ts";
import { sentenceOf } from "../errors.ts";
import { literal } from "../screens/mrkdwn-text.ts";
import { outlookBlocks, type Sample } from "../screens/outlook.ts";
import type { ShareForm } from "../screens/share-form.ts";
import type { Origin } from "../screens/share-modal.ts";
import type { Block } from "../slack/slack.ts";
import type { SlackMessage } from "../slack/slack-message.ts";
import type { Workspace } from "../workspace.ts";
import { collectMessages } from "./collect-messages.ts";

/** A sample reads one page, whatever will be shared. */
const LOOKED_AT = 200;
/** Of each line. */
const EXCERPT = 120;
/** Messages shown from the beginning and from the end. */
const SHOWN = 2;
/** Nobody waits longer for a sample; the form works without. */
const SAMPLE_MS = 8_000;

/** What the form would share and who could read it, to stand under it. Never fails: a problem is shown in its place. */
export async function lookAhead(
  workspace: Workspace,
  { form, origin, password }: { form: ShareForm; origin: Origin; password: boolean },
): Promise<Block[]> {
  const signal = AbortSignal.timeout(SAMPLE_MS);
  const [sample, channel] = await Promise.all([
    takeSample(workspace, { form, origin, signal }).catch((error: unknown) => ({ problem: sentenceOf(error) })),
    workspace.slack.channel(origin.channel).catch(() => null),
  ]);
  return outlookBlocks({ sample, form, channel, password });
}

async function takeSample(
  workspace: Workspace,
  { form, origin, signal }: { form: ShareForm; origin: Origin; signal: AbortSignal },
): Promise<Sample> {
  const { which, count, since } = form;
  const { channel, thread } = origin;
  const selection = { channel, thread, which, count: Math.max(count, 1), since, replies: false, signal };
  const { messages, more } = await collectMessages(workspace, { ...selection, limit: LOOKED_AT });
  const shown = messages.length <= 2 * SHOWN ? messages : [...messages.slice(0, SHOWN), ...messages.slice(-SHOWN)];
  return {
    messages: messages.length,
    files: messages.reduce((sum, { files }) => sum + (files?.length ?? 0), 0),
    more: more || form.replies || (which === "last" && count > messages.length && messages.length === LOOKED_AT),
    lines: await linesOf(workspace, shown),
  };
}

async function linesOf({ slack }: Workspace, messages: readonly SlackMessage[]): Promise<Sample["lines"]> {
  const names = await namesIn(slack, messages);
  return messages.map((message) => ({
    author: authorName(message, names),
    text: excerpt(textOf(message, names)) || "(a file)",
    seconds: Math.floor(Number(message.ts)),
  }));
}

function excerpt(markdown: string): string {
  const line = markdown.replaceAll(/\s+/gu, " ").trim();
  const [short = ""] = [[...line].slice(0, EXCERPT).join("")];
  return literal(short.length < line.length ? `${short}…` : short);
}
