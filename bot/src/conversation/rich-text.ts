import * as v from "valibot";
import { emojiCharacter } from "./emoji.ts";
import { fence, linkText, type Names, plainly } from "./mrkdwn.ts";
import { dateText } from "./slack-date.ts";

const style = v.nullish(
  v.object({
    bold: v.nullish(v.boolean()),
    italic: v.nullish(v.boolean()),
    strike: v.nullish(v.boolean()),
    code: v.nullish(v.boolean()),
  }),
);
type Style = v.InferOutput<typeof style>;

/** What stands in a line of rich text; kinds that come later are passed over by their `fallback` or `text`. */
const inlineSchema = v.variant("type", [
  v.object({ type: v.literal("text"), text: v.string(), style }),
  v.object({ type: v.literal("link"), url: v.string(), text: v.nullish(v.string()), style }),
  v.object({ type: v.literal("user"), user_id: v.string(), style }),
  v.object({ type: v.literal("usergroup"), usergroup_id: v.string(), style }),
  v.object({ type: v.literal("channel"), channel_id: v.string(), style }),
  v.object({ type: v.literal("broadcast"), range: v.string(), style }),
  v.object({
    type: v.literal("emoji"),
    name: v.string(),
    unicode: v.nullish(v.string()),
    skin_tone: v.nullish(v.number()),
    style,
  }),
  v.object({
    type: v.literal("date"),
    timestamp: v.number(),
    format: v.nullish(v.string()),
    url: v.nullish(v.string()),
    fallback: v.nullish(v.string()),
    style,
  }),
  v.object({ type: v.literal("color"), value: v.string(), style }),
]);
type Inline = v.InferOutput<typeof inlineSchema>;
const other = v.object({ text: v.nullish(v.string()), fallback: v.nullish(v.string()) });

const elements = v.array(v.unknown());
const blockSchema = v.object({ type: v.literal("rich_text"), elements });
const sectionSchema = v.object({ type: v.string(), elements });
const listSchema = v.object({
  type: v.literal("rich_text_list"),
  style: v.nullish(v.string()),
  indent: v.nullish(v.number(), 0),
  offset: v.nullish(v.number(), 0),
  elements,
});
const preformattedSchema = v.object({
  type: v.literal("rich_text_preformatted"),
  language: v.nullish(v.string()),
  elements,
});

/** Null for a block that is not rich text. */
export function richTextMarkdown(block: unknown, names: Names): string | null {
  if (!v.is(blockSchema, block)) return null;
  const pieces = block.elements.map((element) => elementMarkdown(element, names));
  return pieces
    .map((piece, index) => separator(pieces[index - 1], piece) + piece.text)
    .join("")
    .trim();
}

interface Piece {
  readonly kind: "text" | "list" | "block";
  readonly text: string;
}

/** Items of one list follow each other; everything else is a paragraph of its own. */
function separator(before: Piece | undefined, now: Piece): string {
  if (!before || !now.text) return "";
  return before.kind === "list" && now.kind === "list" ? "\n" : "\n\n";
}

function elementMarkdown(element: unknown, names: Names): Piece {
  if (v.is(listSchema, element)) return { kind: "list", text: listMarkdown(v.parse(listSchema, element), names) };
  if (v.is(preformattedSchema, element)) {
    const code = element.elements.map((one) => rawText(one, names)).join("");
    return { kind: "block", text: fence(code, element.language ?? "").trim() };
  }
  if (!v.is(sectionSchema, element)) return { kind: "text", text: "" };
  const text = lineBreaks(inlineMarkdown(element.elements, names));
  if (element.type !== "rich_text_quote") return { kind: "text", text: text.trim() };
  return { kind: "block", text: text.trim().replaceAll(/^/gmu, "> ") };
}

function listMarkdown(list: v.InferOutput<typeof listSchema>, names: Names): string {
  const ordered = list.style === "ordered";
  // Markdown takes an item for a child when it is indented as far as its parent's text: three is enough for both marks.
  const indent = "   ".repeat(list.indent);
  return list.elements
    .map((item, index) => {
      const mark = ordered ? `${list.offset + index + 1}.` : "-";
      const text = v.is(sectionSchema, item) ? inlineMarkdown(item.elements, names).trim() : "";
      return `${indent}${mark} ${text.replaceAll("\n", `  \n${indent}   `)}`;
    })
    .join("\n");
}

/** A line break in Slack is one in what people read; markdown wants two spaces for it. */
function lineBreaks(text: string): string {
  return text.replaceAll(/(\S)\n(?=[^\n])/gu, "$1  \n");
}

function inlineMarkdown(items: readonly unknown[], names: Names): string {
  return items.map((item) => inlineText(item, names)).join("");
}

function inlineText(item: unknown, names: Names): string {
  const parsed = v.safeParse(inlineSchema, item);
  if (parsed.success) return styled(parsed.output, names);
  return v.is(other, item) ? plainly(item.text || item.fallback || "") : "";
}

function styled(inline: Inline, names: Names): string {
  if (inline.style?.code) return codeSpan(rawInline(inline, names));
  return emphasised(contentOf(inline, names), inline.style);
}

function contentOf(inline: Inline, names: Names): string {
  switch (inline.type) {
    case "link":
      return linkText(inline.url, inline.text ?? "");
    case "date":
      return inline.url ? linkText(inline.url, rawInline(inline, names)) : plainly(rawInline(inline, names));
    default:
      return plainly(rawInline(inline, names)).replaceAll(/^>/gmu, "\\>");
  }
}

/** As people see it, without any formatting. */
function rawInline(inline: Inline, names: Names): string {
  switch (inline.type) {
    case "text":
      return inline.text;
    case "link":
      return inline.text || inline.url;
    case "user":
      return `@${names.person(inline.user_id) ?? "someone"}`;
    case "usergroup":
      return `@${names.group(inline.usergroup_id) ?? "a-group"}`;
    case "channel":
      return `#${names.channel(inline.channel_id) ?? "a-channel"}`;
    case "broadcast":
      return `@${inline.range}`;
    case "emoji":
      return emojiCharacter(inline.name, inline.skin_tone ?? null) ?? fromCodes(inline.unicode) ?? `:${inline.name}:`;
    case "date":
      return inline.fallback || dateText(inline.timestamp, inline.format ?? "{date_short_pretty} {time}");
    case "color":
      return inline.value;
  }
}

function rawText(item: unknown, names: Names): string {
  const parsed = v.safeParse(inlineSchema, item);
  return parsed.success ? rawInline(parsed.output, names) : "";
}

/** `1f468-200d-1f4bb`: emoji that are newer than the list of names. */
function fromCodes(codes: string | null | undefined): string | null {
  if (!codes || !/^[0-9a-f]{2,6}(?:-[0-9a-f]{2,6})*$/iu.test(codes)) return null;
  const points = codes.split("-").map((code) => Number.parseInt(code, 16));
  return points.every((point) => point <= 0x10_ff_ff) ? String.fromCodePoint(...points) : null;
}

/** The fence of a code span is longer than what is in it. */
function codeSpan(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/gu)].map(([marks]) => marks.length));
  const marks = "`".repeat(longest + 1);
  const padding = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return `${marks}${padding}${text}${padding}${marks}`;
}

/** Emphasis takes no white space at its ends, so that stays outside. */
function emphasised(text: string, how: Style): string {
  const [, before = "", inner = "", after = ""] = /^(\s*)([\s\S]*?)(\s*)$/u.exec(text) ?? [];
  if (!inner || !how) return text;
  const marks = [how.bold ? "**" : "", how.italic ? "*" : "", how.strike ? "~~" : ""].filter(Boolean);
  return before + marks.join("") + inner + marks.toReversed().join("") + after;
}
