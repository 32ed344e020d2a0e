import type { Choice } from "./reader-messages.ts";

export const ORDERS = [
  { value: "newest", name: "Newest first" },
  { value: "oldest", name: "Oldest first" },
  { value: "longest", name: "Longest first" },
  { value: "title", name: "By title" },
] as const;
export type Order = (typeof ORDERS)[number]["value"];

export interface Listed {
  readonly choice: Choice;
  /** In the file. */
  readonly index: number;
}

/** The conversations whose titles have all words of the query, in order. Those without a time come last by time. */
export function listed(choices: readonly Choice[], { query, order }: { query: string; order: Order }): Listed[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return choices
    .map((choice, index) => ({ choice, index }))
    .filter(({ choice }) => {
      const title = choice.title.toLowerCase();
      return words.every((word) => title.includes(word));
    })
    .sort(COMPARE[order]);
}

const COMPARE: Readonly<Record<Order, (a: Listed, b: Listed) => number>> = {
  newest: (a, b) => (b.choice.time ?? 0) - (a.choice.time ?? 0),
  oldest: (a, b) => (a.choice.time ?? Number.MAX_VALUE) - (b.choice.time ?? Number.MAX_VALUE),
  longest: (a, b) => b.choice.messageCount - a.choice.messageCount,
  title: (a, b) => a.choice.title.localeCompare(b.choice.title),
};
