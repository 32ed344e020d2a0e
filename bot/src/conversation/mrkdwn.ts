import { withEmoji } from "./emoji.ts";
import { dateText } from "./slack-date.ts";

/** How people, channels and groups named in a text are called; null for unknown. */
export interface Names {
  readonly person: (user: string) => string | null;
  readonly channel: (channel: string) => string | null;
  /** Without `@`. */
  readonly group: (group: string) => string | null;
}

/** Private-use characters stand for finished pieces while the rest is worked on; Slack's own texts have none. */
const HOLE = /\uE000(\d+)\uE001/gu;
const EMPHASIS_BEFORE = String.raw`(^|[\s\uE001([{"'.,;:!?*_~-])`;
const EMPHASIS_AFTER = String.raw`(?=$|[\s\uE000)\]}"'.,;:!?*_~-])`;
const BOLD = new RegExp(String.raw`${EMPHASIS_BEFORE}\*(\S|\S[^*\n]*\S)\*${EMPHASIS_AFTER}`, "gmu");
const STRIKE = new RegExp(String.raw`${EMPHASIS_BEFORE}~(\S|\S[^~\n]*\S)~${EMPHASIS_AFTER}`, "gmu");

/**
 * Slack's mrkdwn as markdown: code, links, mentions as names, channels, bold, struck out, quotes, bullets, line breaks and
 * emoji; a workspace's own emoji stay `:names:`. What is literal in Slack and would mean something in markdown is escaped.
 */
export function toMarkdown(mrkdwn: string, names: Names): string {
  const pieces: string[] = [];
  const hold = (piece: string) => `\uE000${pieces.push(piece) - 1}\uE001`;
  const text = mrkdwn
    .replaceAll(/[\uE000\uE001]/gu, "")
    .replaceAll(/\n?```([\s\S]+?)```\n?/gu, (_, code: string) => hold(fence(decode(code))))
    .replaceAll(/`([^`\n]+)`/gu, (_, code: string) => hold(`\`${decode(code)}\``))
    .replaceAll(/<([^<>\n]+)>/gu, (_, entity: string) => hold(entityText(entity, names)));
  return fill(lines(emphasis(literally(decode(withEmoji(text))))), pieces);
}

/** Ids of the people, channels and groups that a text names without saying what they are called. */
export function namedIn(mrkdwn: string): { people: string[]; channels: string[]; groups: string[] } {
  const people = [...mrkdwn.matchAll(/<@([UW][A-Z0-9]+)/gu)].map((match) => match[1] ?? "");
  const channels = [...mrkdwn.matchAll(/<#([CG][A-Z0-9]+)/gu)].map((match) => match[1] ?? "");
  const groups = [...mrkdwn.matchAll(/<!subteam\^(S[A-Z0-9]+)>/gu)].map((match) => match[1] ?? "");
  return { people, channels, groups };
}

/** What Slack takes literally and markdown would not. Emphasis and code are left, for both have them. */
function literally(text: string): string {
  return text.replaceAll(/[\\[\]<]/gu, "\\$&").replaceAll(/^(\s{0,3})(#{1,6}\s|\+\s|={3,}$|-{3,}$)/gmu, "$1\\$2");
}

/** Text in which nothing is formatting, such as a name. */
export function plainly(text: string): string {
  return literally(text).replaceAll(/[*_~`]/gu, "\\$&");
}

/** Slack escapes these three and nothing else. */
function decode(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

function emphasis(text: string): string {
  return text.replaceAll(BOLD, "$1**$2**").replaceAll(STRIKE, "$1~~$2~~");
}

function lines(text: string): string {
  return (
    text
      // Three marks quote everything to the end.
      .replace(/^>>>[^\S\n]?([\s\S]*)$/mu, (_, rest: string) => rest.replaceAll(/^/gmu, "> "))
      .replaceAll(/^•\s?/gmu, "- ")
      .replaceAll(/^(\s+)[◦▪]\s?/gmu, "$1- ")
      // What follows a quote or a list would count as its continuation in markdown.
      .replaceAll(/^((?:>|\s*- ).*)\n(?=[^\n\s>-])/gmu, "$1\n\n")
      // A line break in Slack is one in what people read; markdown wants two spaces for it.
      .replaceAll(/(\S)\n(?=[^\n\s>-])/gu, "$1  \n")
      .replaceAll(/^(>.*\S)\n(?=>)/gmu, "$1  \n")
  );
}

function fill(text: string, pieces: readonly string[]): string {
  // Code and links hold no further pieces, but a link's label may be code.
  return text.replaceAll(HOLE, (_, index: string) => fill(pieces[Number(index)] ?? "", pieces));
}

/** A fence on lines of its own. In mrkdwn code ends at the first three backticks, so there are none in it. */
export function fence(code: string, language = ""): string {
  return `\n\`\`\`${language.replaceAll(/[^\w+#.-]/gu, "")}\n${code.replace(/^\n|\n$/gu, "")}\n\`\`\`\n`;
}

/** What stands between `<` and `>`: `@U…`, `#C…|name`, `!here`, `https://…|label`. */
function entityText(entity: string, names: Names): string {
  const bar = entity.indexOf("|");
  const target = bar < 0 ? entity : entity.slice(0, bar);
  const label = bar < 0 ? "" : decode(entity.slice(bar + 1));
  switch (target[0]) {
    case "@":
      return plainly(`@${names.person(target.slice(1)) ?? (label || "someone")}`);
    case "#":
      return plainly(`#${label || (names.channel(target.slice(1)) ?? "a-channel")}`);
    case "!":
      return plainly(specialText(target.slice(1), { label, names }));
    default:
      return linkText(decode(target), label);
  }
}

/** `here`, `channel`, `everyone`, `subteam^S…|@team`, `date^…^format|fallback`. */
function specialText(target: string, { label, names }: { label: string; names: Names }): string {
  const [kind = "", subject = "", format = ""] = target.split("^");
  if (label || kind === target) return label || `@${kind}`;
  if (kind === "subteam") return `@${names.group(subject) ?? "a-group"}`;
  return kind === "date" ? dateText(Number(subject), format) : `@${kind}`;
}

export function linkText(url: string, label: string): string {
  if (url.startsWith("mailto:") || url.startsWith("tel:")) return plainly(label || url.replace(/^\w+:/u, ""));
  if (!/^https?:\/\//iu.test(url)) return plainly(label || url);
  const address = url
    .replaceAll(/[\s<>()\\]/gu, encodeURIComponent)
    .replaceAll("(", "%28")
    .replaceAll(")", "%29");
  return label && label !== url ? `[${plainly(label)}](${address})` : `<${address}>`;
}
