import type { PageRequest, Slack, SlackPage } from "./slack.ts";
import { compareTs, type SlackMessage } from "./slack-message.ts";

/** Messages that a page has at most, Slack's own advice; new apps outside its marketplace get 15 whatever they ask for. */
export const PAGE = 200;
/** A channel of joins and bot cards alone must not be read to its beginning, nor a thread of more than 16,000 messages to its end. */
const MAX_PAGES = 80;

/** Pages one after the other, as long as there are more. */
export async function* pages(
  read: (cursor: string | null, page: number) => Promise<SlackPage>,
): AsyncGenerator<SlackPage> {
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer: SlackPage = await read(cursor, page);
    yield answer;
    cursor = answer.next;
    if (!cursor) return;
  }
}

/** A thread from its beginning or behind a time stamp, oldest first; its first message, which comes with every page, once. */
export async function* threadPages(
  slack: Pick<Slack, "replies">,
  request: Pick<PageRequest, "channel" | "oldest" | "signal"> & { readonly thread: string },
): AsyncGenerator<readonly SlackMessage[]> {
  let through = request.oldest ?? null;
  for await (const { messages } of pages((cursor) => slack.replies({ ...request, limit: PAGE, cursor }))) {
    const after = through;
    const fresh = messages.filter(({ ts }) => after === null || compareTs(ts, after) > 0);
    const ordered = fresh.sort((a, b) => compareTs(a.ts, b.ts));
    through = ordered.at(-1)?.ts ?? through;
    yield ordered;
  }
}
