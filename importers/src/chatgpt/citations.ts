import { isRecord, type JsonRecord, list, record, string } from "../json.ts";
import { link, webAddress } from "../markdown.ts";

/**
 * Marks in private-use characters: U+E200 kind U+E202 reference… U+E201. The length is bounded because a mark that is
 * never closed must not swallow the answer.
 */
const MARK = /\ue200([^\ue200\ue201]{0,4000})\ue201/g;
/** What is left of marks that were cut, and the marks around spans. */
const REMAINS = /\ue200[a-z_]{1,30}(?:\ue202[a-z]{1,10}\d{1,4}[a-z]{1,20}\d{1,4})*|[\ue200-\ue20f]/g;
/** The older kind: 【6†source】, 【12:0†report.pdf】, 【3†L10-L20】. */
const OLD_MARK = /【(\d{1,4})(?::\d{1,4})?†([^【】]{0,200})】/g;

/** More sources than this behind one mark say nothing to a reader. */
const MOST_SOURCES = 8;

interface Source {
  readonly title: string;
  readonly url: string;
}

/** A text in which marks of citation are links to what they cite, or gone where the export does not tell. */
export function withoutCitationMarks(text: string, metadata: JsonRecord): string {
  const recent = /[\ue200-\ue20f]/.test(text) ? withoutRecentMarks(text, metadata) : text;
  return recent.includes("†") ? withoutOldMarks(recent, metadata) : recent;
}

function withoutRecentMarks(text: string, metadata: JsonRecord): string {
  const references = new Map<string, JsonRecord>();
  for (const value of list(metadata.content_references)) {
    const matched = string(record(value).matched_text);
    if (matched !== "") references.set(matched, record(value));
  }
  return text
    .replace(MARK, (mark, inside: string) => {
      const reference = references.get(mark);
      return named(inside) ?? (reference ? cited(sourcesOf(reference)) : "");
    })
    .replace(REMAINS, "");
}

/** Marks that carry what is read: `entity["city","Paris"]`, `url` and its label. */
function named(inside: string): string | null {
  const [kind = "", ...rest] = inside.split("\ue202");
  const argument = rest[0] ?? "";
  if (kind === "url") return argument;
  if (kind !== "entity") return null;
  try {
    const value: unknown = JSON.parse(argument);
    return Array.isArray(value) ? string(value[1]) : "";
  } catch {
    return "";
  }
}

function sourcesOf(reference: JsonRecord): Source[] {
  const items = [...list(reference.items), ...list(reference.sources)].filter(isRecord);
  const found = [reference, ...items].map((item) => ({
    title: string(item.attribution) || string(item.title) || string(item.name),
    url: string(item.url),
  }));
  const pages = found.filter(({ url }) => webAddress(url) !== null);
  if (pages.length > 0) return distinct(pages);
  // Files have no address: their name is all there is to cite.
  return reference.type === "file" ? distinct(found.filter(({ title }) => title !== "")) : [];
}

function distinct(sources: readonly Source[]): Source[] {
  const seen = new Map(sources.map((source) => [source.url || source.title, source]));
  return [...seen.values()].slice(0, MOST_SOURCES);
}

function cited(sources: readonly Source[]): string {
  return sources.length === 0 ? "" : ` (${sources.map(({ title, url }) => link(title, url)).join(", ")})`;
}

function withoutOldMarks(text: string, metadata: JsonRecord): string {
  const sources = oldSources(metadata);
  return text.replace(OLD_MARK, (_, index: string, label: string) => {
    const source = sources.get(Number(index));
    if (source) return cited([source]);
    // A file's name is worth keeping; "source" and line numbers without their target are not.
    return /\.[a-z0-9]{1,5}$/i.test(label) ? cited([{ title: label, url: "" }]) : "";
  });
}

/** By the number in the mark: that of the message or page which the citation names. */
function oldSources(metadata: JsonRecord): Map<number, Source> {
  const sources = new Map<number, Source>();
  for (const value of list(metadata.citations)) {
    const cite = record(record(value).metadata);
    const index = record(cite.extra).cited_message_idx;
    const source = { title: string(cite.title), url: string(cite.url) };
    if (typeof index === "number" && webAddress(source.url) !== null) sources.set(index, source);
  }
  list(record(metadata._cite_metadata).metadata_list).forEach((value, index) => {
    const source = { title: string(record(value).title), url: string(record(value).url) };
    if (!sources.has(index) && webAddress(source.url) !== null) sources.set(index, source);
  });
  return sources;
}
