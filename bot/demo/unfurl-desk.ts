import { blockProblems } from "./block-rules.ts";
import { isJson, type Json } from "./json.ts";
import type { Answer } from "./slack-workspace.ts";

/** A message, or a draft of one, whose links the app was told of. */
interface Expected {
  readonly id: string;
  readonly source: string;
  readonly channel: string;
  readonly ts: string;
  readonly urls: readonly string[];
}

/** Takes `chat.unfurl`, which the emulator has not: only for links that Slack has told the app of, and only as they were. */
export class UnfurlDesk {
  readonly #expected: Expected[] = [];
  readonly #shown = new Map<string, Map<string, readonly Json[]>>();

  expect(links: Expected): void {
    this.#expected.push(links);
  }

  /** What stands under a message, by URL. */
  under(ts: string): ReadonlyMap<string, readonly Json[]> {
    return this.#shown.get(ts) ?? new Map();
  }

  take(parameters: Json): Answer {
    const place = this.#find(parameters);
    if (!place) return { ok: false, error: "cannot_find_message" };
    const unfurls = Object.entries(isJson(parameters.unfurls) ? parameters.unfurls : {});
    if (unfurls.length === 0) return { ok: false, error: "missing_unfurls" };
    if (unfurls.some(([url]) => !place.urls.includes(url))) return { ok: false, error: "cannot_unfurl_url" };
    const cards = unfurls.map(([url, card]): [string, unknown] => [url, isJson(card) ? card.blocks : null]);
    const problems = cards.flatMap(([, blocks]) => blockProblems(blocks));
    if (problems.length > 0) return { ok: false, error: "invalid_blocks", problems };
    const shown = this.#shown.get(place.ts) ?? new Map<string, readonly Json[]>();
    for (const [url, blocks] of cards) shown.set(url, blocks as Json[]); // Checked above.
    this.#shown.set(place.ts, shown);
    return { ok: true };
  }

  /** By Slack's id of the unfurl, or by the message. */
  #find({ unfurl_id, source, channel, ts }: Json): Expected | undefined {
    return this.#expected.findLast((one) =>
      unfurl_id === undefined
        ? one.channel === channel && one.ts === ts
        : one.id === unfurl_id && one.source === source,
    );
  }
}
