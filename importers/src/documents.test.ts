import { describe, expect, it } from "vitest";
import { Documents } from "./documents.ts";

const version = (from: string | null, to: string, everywhere = false) => ({
  type: "version" as const,
  id: "a",
  title: "Plan",
  language: null,
  changes: [{ from, to, everywhere }],
});

describe("the versions of a document", () => {
  it("change a passage once or everywhere, as text and not as a pattern", () => {
    const documents = new Documents();
    documents.next(version(null, "a.b a.b"));
    expect(documents.next(version("a.b", "$&"))).toMatchObject({ title: "Plan", text: "$& a.b" });
    documents.next(version(null, "x x"));
    expect(documents.next(version("x", "y", true))).toMatchObject({ text: "y y" });
  });

  it("have no name of their own when the source gives none", () => {
    expect(new Documents().next({ ...version(null, "a"), title: null })).toMatchObject({ title: "Untitled" });
  });

  it("do not grow without end", () => {
    const documents = new Documents();
    documents.next(version(null, "a"));
    let characters = 0;
    for (let step = 0; step < 200; step += 1) {
      const part = documents.next(version("a", "aaaa", true));
      characters += "text" in part ? part.text.length : 0;
    }
    expect(characters).toBeLessThan(10_000_000);
  });
});
