import type { SlackAttachment } from "../slack/slack-message.ts";
import { blocksMarkdown } from "./blocks-markdown.ts";
import { linkText, type Names, plainly, toMarkdown } from "./mrkdwn.ts";

/** What hangs under a message: apps' attachments, forwarded messages, previews of links. One quote each. */
export function attachmentsMarkdown(attachments: readonly SlackAttachment[], names: Names): string {
  return attachments
    .map((attachment) => attachmentMarkdown(attachment, names))
    .filter(Boolean)
    .map((text) => text.replaceAll(/^/gmu, "> "))
    .join("\n\n");
}

function attachmentMarkdown(attachment: SlackAttachment, names: Names): string {
  const { pretext, author_name, text, fallback, fields, blocks, message_blocks } = attachment;
  const inner = [blocks ?? [], ...(message_blocks ?? []).map(({ message }) => message.blocks ?? [])];
  const lines = [
    pretext ? toMarkdown(pretext, names).trim() : "",
    author_name ? `**${plainly(author_name)}**` : "",
    titleMarkdown(attachment),
    blocksMarkdown(inner.flat(), names) || (text ? toMarkdown(text, names).trim() : ""),
    ...(fields ?? []).map(({ title, value }) => fieldMarkdown({ title, value }, names)),
  ].filter(Boolean);
  return lines.length > 0 ? lines.join("\n\n") : toMarkdown(fallback ?? "", names).trim();
}

function titleMarkdown({ title, title_link, from_url }: SlackAttachment): string {
  if (!title) return "";
  const address = title_link || from_url;
  return address ? linkText(address, title) : `**${plainly(title)}**`;
}

function fieldMarkdown(
  { title, value }: { title?: string | null | undefined; value?: string | null | undefined },
  names: Names,
) {
  return [title ? `**${plainly(title)}**` : "", value ? toMarkdown(value, names).trim() : ""].filter(Boolean).join(" ");
}
