import type { Source } from "@openmates-share/protocol/content";
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
const MOST_BEHIND_A_MARK = 8;

export interface Resolved {
  /** Marks of citation are links to what they cite, or gone where the export does not tell. */
  readonly text: string;
  /** Everything on the web that the message cites. */
  readonly sources: readonly Source[];
}

export function resolveCitations(text: string, metadata: JsonRecord): Resolved {
  const recent = /[\ue200-\ue20f]/.test(text) ? withoutRecentMarks(text, metadata) : text;
  return { text: recent.includes("†") ? withoutOldMarks(recent, metadata) : recent, sources: allSources(metadata) };
}

/** Addresses in their normal spelling, one source for each. */
function allSources(metadata: JsonRecord): Source[] {
  const references = list(metadata.content_references).map(record);
  const recent = references.filter(({ type }) => type !== "hidden").flatMap(sourcesOf);
  const found = new Map<string, Source>();
  for (const { title, url } of [...recent, ...oldSources(metadata, { cited: true }).values()]) {
    const address = webAddress(url);
    if (address !== null && !found.has(address)) found.set(address, { title: title || hostOf(address), url: address });
  }
  return [...found.values()];
}

const hostOf = (address: string) => new URL(address).hostname;

function withoutRecentMarks(text: string, metadata: JsonRecord): string {
  const references = new Map<string, JsonRecord>();
  for (const value of list(metadata.content_references)) {
    const matched = string(record(value).matched_text);
    if (matched !== "") references.set(matched, record(value));
  }
  return text
    .replace(MARK, (mark, inside: string) => named(inside) ?? reference(references.get(mark)))
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

function reference(value: JsonRecord | undefined): string {
  if (!value || value.type === "hidden") return "";
  const found = sourcesOf(value);
  if (found.length > 0) return cited(found.slice(0, MOST_BEHIND_A_MARK));
  // Files have no address: their name is all there is to cite.
  if (value.type === "file") return cited([{ title: string(value.name) || string(value.title), url: "" }]);
  // What ChatGPT itself puts there as text: lists of links, names, prices.
  return string(value.alt);
}

interface Cited extends Source {
  /** Short, for within the text: the name of the site. */
  readonly label?: string;
}

/** The pages behind a reference, and those that say the same. */
function sourcesOf(value: JsonRecord): Cited[] {
  const items = [...list(value.items), ...list(value.sources)].filter(isRecord);
  const supporting = items.flatMap((item) => list(item.supporting_websites)).filter(isRecord);
  const found = [value, ...items, ...supporting].map((item) => ({
    title: string(item.title) || string(item.attribution) || string(item.name),
    label: string(item.attribution),
    url: string(item.url),
  }));
  const pages = found.filter(({ url }) => webAddress(url) !== null);
  return [...new Map(pages.map((source) => [source.url, source])).values()];
}

function cited(sources: readonly Cited[]): string {
  const links = sources.map(({ title, label, url }) => link(label || title, url)).filter((one) => one !== "");
  return links.length === 0 ? "" : ` (${links.join(", ")})`;
}

function withoutOldMarks(text: string, metadata: JsonRecord): string {
  const sources = oldSources(metadata, { cited: false });
  return text.replace(OLD_MARK, (_, index: string, label: string) => {
    const source = sources.get(Number(index));
    if (source) return cited([source]);
    // A file's name is worth keeping; "source" and line numbers without their target are not.
    return /\.[a-z0-9]{1,5}$/i.test(label) ? cited([{ title: label, url: "" }]) : "";
  });
}

/** By the number in the mark: that of the message or page which the citation names; with `cited` those alone. */
function oldSources(metadata: JsonRecord, { cited }: { cited: boolean }): Map<number, Source> {
  const sources = new Map<number, Source>();
  for (const value of list(metadata.citations)) {
    const cite = record(record(value).metadata);
    const index = record(cite.extra).cited_message_idx;
    const source = { title: string(cite.title), url: string(cite.url) };
    if (webAddress(source.url) === null) continue;
    // Without a number it is cited all the same; negative ones stand for no mark.
    sources.set(typeof index === "number" ? index : -1 - sources.size, source);
  }
  if (cited) return sources;
  list(record(metadata._cite_metadata).metadata_list).forEach((value, index) => {
    const source = { title: string(record(value).title), url: string(record(value).url) };
    if (!sources.has(index) && webAddress(source.url) !== null) sources.set(index, source);
  });
  return sources;
}
