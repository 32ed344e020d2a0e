import { counted } from "../app/dates.ts";

/** A message that somebody may be told of. */
export interface News {
  readonly kind: "mention" | "reply" | "message";
  readonly id: string;
  readonly who: string;
  /** Its first words. */
  readonly words: string;
}

const RANK = { message: 0, reply: 1, mention: 2 } as const;

/** What matters most to a person, and of that the newest. */
export function foremost(news: readonly News[]): News | null {
  return news.reduce<News | null>((best, one) => (best && RANK[best.kind] > RANK[one.kind] ? best : one), null);
}

/** What stands in a notification. Without `text` it says nothing that was encrypted: no name, no title, no word. */
export function notificationText(options: {
  news: News;
  /** How many are new in all. */
  count: number;
  title: string;
  text: boolean;
}): { title: string; body: string } {
  const { news, count, title, text } = options;
  if (text) {
    const did = { mention: " mentioned you", reply: " replied to you", message: "" }[news.kind];
    return { title: `${news.who}${did} · ${title || "Untitled chat"}`, body: news.words };
  }
  const said = { mention: "You were mentioned", reply: "Somebody replied to you", message: "" }[news.kind];
  const many = count === 1 ? "New message" : counted(count, "new message");
  return { title: "OpenMates Share", body: said ? (count > 1 ? `${said} (${many})` : said) : many };
}
