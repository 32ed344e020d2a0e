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

/**
 * Characters that repeated marks may bring into a text, beside four times its own length. The first mark of a source may
 * bring what it needs, for that stands in the file as well; a million marks of one long address would be gigabytes.
 */
const REPEATED = 20_000;

/** What one message cites. */
export class Citations {
  readonly #metadata: JsonRecord;
  /** What stands in place of each mark. */
  #recent: Map<string, JsonRecord> | null = null;
  #old: Map<number, Source> | null = null;
  readonly #rendered = new Map<string, string>();
  #room = REPEATED;

  constructor(metadata: JsonRecord) {
    this.#metadata = metadata;
  }

  /** Everything on the web that the message cites, addresses in their normal spelling, one source for each. */
  sources(): Source[] {
    const references = list(this.#metadata.content_references).map(record);
    const recent = references.filter(({ type }) => type !== "hidden").flatMap(sourcesOf);
    const found = new Map<string, Source>();
    for (const { title, url } of [...recent, ...citedBefore(this.#metadata).values()]) {
      const address = webAddress(url);
      if (address !== null && !found.has(address)) {
        found.set(address, { title: title || new URL(address).hostname, url: address });
      }
    }
    return [...found.values()];
  }

  /** A text in which marks of citation are links to what they cite, or gone where the export does not tell. */
  resolve(text: string): string {
    this.#room += text.length * 4;
    const recent = /[\ue200-\ue20f]/.test(text) ? this.#withoutRecentMarks(text) : text;
    return recent.includes("†") ? this.#withoutOldMarks(recent) : recent;
  }

  #withoutRecentMarks(text: string): string {
    return text
      .replace(
        MARK,
        (mark, inside: string) => named(inside) ?? this.#once(mark, () => reference(this.#references().get(mark))),
      )
      .replace(REMAINS, "");
  }

  #withoutOldMarks(text: string): string {
    return text.replace(OLD_MARK, (mark, index: string, label: string) =>
      this.#once(mark, () => {
        this.#old ??= oldSources(this.#metadata);
        const source = this.#old.get(Number(index));
        if (source) return cited([source]);
        // A file's name is worth keeping; "source" and line numbers without their target are not.
        return /\.[a-z0-9]{1,5}$/i.test(label) ? cited([{ title: label, url: "" }]) : "";
      }),
    );
  }

  #references(): Map<string, JsonRecord> {
    this.#recent ??= new Map(
      list(this.#metadata.content_references).map((value) => [string(record(value).matched_text), record(value)]),
    );
    return this.#recent;
  }

  #once(mark: string, render: () => string): string {
    const before = this.#rendered.get(mark);
    if (before === undefined) {
      const rendered = render();
      this.#rendered.set(mark, rendered);
      return rendered;
    }
    if (before.length > this.#room) return "";
    this.#room -= before.length;
    return before;
  }
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

/** By the number in the mark: that of the message or page which the citation names. */
function oldSources(metadata: JsonRecord): Map<number, Source> {
  const sources = citedBefore(metadata);
  list(record(metadata._cite_metadata).metadata_list).forEach((value, index) => {
    const source = { title: string(record(value).title), url: string(record(value).url) };
    if (!sources.has(index) && webAddress(source.url) !== null) sources.set(index, source);
  });
  return sources;
}

/** The pages of the older kind that are cited; by negative numbers where they have none, for those stand in no mark. */
function citedBefore(metadata: JsonRecord): Map<number, Source> {
  const sources = new Map<number, Source>();
  for (const value of list(metadata.citations)) {
    const cite = record(record(value).metadata);
    const index = record(cite.extra).cited_message_idx;
    const source = { title: string(cite.title), url: string(cite.url) };
    if (webAddress(source.url) === null) continue;
    sources.set(typeof index === "number" ? index : -1 - sources.size, source);
  }
  return sources;
}
