import { textParts } from "@openmates-share/client";
import { describe, expect, it } from "vitest";
import type { ReadingSource, SpokenMessage } from "./reading-source.ts";
import { type Found, rowAfter, Search } from "./search.ts";

function sourceOf(texts: readonly string[], chunk = 2): ReadingSource {
  const messages = texts.map(
    (text, index): SpokenMessage => ({
      index,
      id: `${index}`,
      role: "user",
      kind: "person",
      speaker: "Ada",
      parts: textParts(text),
      time: null,
      model: null,
    }),
  );
  return {
    title: "Test",
    length: texts.length,
    at: (index) => messages[index] ?? null,
    async *read({ signal }) {
      for (let at = 0; at < messages.length && !signal.aborted; at += chunk) yield messages.slice(at, at + chunk);
    },
  };
}

function settled(search: Search): Promise<Found> {
  return new Promise((resolve) => {
    const unsubscribe = search.found.subscribe((found) => {
      if (found.state === "running") return;
      queueMicrotask(() => unsubscribe());
      resolve(found);
    });
  });
}

describe("a search", () => {
  it("finds in all messages, whatever the case and accents", async () => {
    const search = new Search(() => sourceOf(["One bridge", "no", "BRÍDGES of **Kö**nigsberg", "königsberg"]));
    search.start(" bridge");
    expect((await settled(search)).rows).toEqual([0, 2]);
    search.start("konigsberg");
    expect((await settled(search)).rows).toEqual([2, 3]);
  });

  it("tells what it has while it goes on, and stops when it is told to", async () => {
    const search = new Search(() => sourceOf(Array.from({ length: 100 }, () => "same")));
    const counts: number[] = [];
    const unsubscribe = search.found.subscribe(({ rows }) => {
      counts.push(rows.length);
      if (rows.length === 10) search.cancel();
    });
    search.start("same");
    await Promise.resolve();
    await new Promise((resolve) => setTimeout(resolve, 0));
    unsubscribe();
    expect(search.found.value.state).toBe("cancelled");
    expect(search.found.value.rows).toHaveLength(10);
    expect(counts).toContain(4);
  });

  it("forgets what the words before have found", async () => {
    const search = new Search(() => sourceOf(["a", "b", "a"]));
    search.start("a");
    search.start("b");
    expect(await settled(search)).toMatchObject({ query: "b", rows: [1] });
    search.start("  ");
    expect(search.found.value).toMatchObject({ rows: [], state: "done" });
  });

  it("goes round at the ends", () => {
    expect(rowAfter([2, 5, 9], 5, 1)).toBe(9);
    expect(rowAfter([2, 5, 9], 9, 1)).toBe(2);
    expect(rowAfter([2, 5, 9], 2, -1)).toBe(9);
    expect(rowAfter([2, 5, 9], 6, -1)).toBe(5);
    expect(rowAfter([], 6, -1)).toBeNull();
  });
});
