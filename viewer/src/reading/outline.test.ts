import { textParts } from "@openmates-share/client";
import { describe, expect, it } from "vitest";
import { currentQuestion, Outline, questionsWith } from "./outline.ts";
import type { ReadingSource } from "./reading-source.ts";

const TEXTS = ["Ünder which bridge?", "Under that one.", "# And **why**?\nSo far", "Because.", "Why not?"];

const source: ReadingSource = {
  title: "Test",
  length: TEXTS.length,
  at: () => null,
  async *read() {
    yield TEXTS.map((text, index) => ({
      index,
      id: `${index}`,
      role: index % 2 === 0 ? ("user" as const) : ("assistant" as const),
      kind: "person" as const,
      speaker: "Ada",
      parts: textParts(text),
      time: null,
      model: null,
    }));
  },
};

describe("the outline", () => {
  it("has the questions of people in order, without the signs of markdown", async () => {
    const outline = new Outline(() => source);
    await outline.gather();
    expect(outline.questions.value).toEqual([
      { row: 0, text: "Ünder which bridge?" },
      { row: 2, text: "And why? So far" },
      { row: 4, text: "Why not?" },
    ]);
    expect(outline.gathering.value).toBe(false);
  });

  it("has only what asked where people also talk to each other, whether it was brought in or asked there", async () => {
    const said = [
      { text: "How long does it rise?", role: "user", kind: "person" },
      { text: "Twelve hours.", role: "assistant", kind: "assistant" },
      { text: "Shall we meet at six?", role: "user", kind: "person" },
      { text: "@OpenMates, is six too late?", role: "user", kind: "person" },
      { text: "I can come.", role: "user", kind: "person" },
      { text: "No.", role: "assistant", kind: "mate" },
    ] as const;
    const messages = said.map(({ text, ...message }, index) => ({
      ...{ ...message, index, id: `${index}`, speaker: "Ada", parts: textParts(text), time: null, model: null },
    }));
    const talk: ReadingSource = {
      ...{ title: "Talk", length: said.length, together: true, at: () => null },
      async *read() {
        // The question at the end of one page, and its answer on the next.
        yield messages.slice(0, 1);
        yield messages.slice(1);
      },
    };
    const outline = new Outline(() => talk);
    await outline.gather();
    expect(outline.questions.value).toEqual([
      { row: 0, text: "How long does it rise?" },
      { row: 3, text: "is six too late?" },
    ]);
  });

  it("is searched without regard to case and accents", async () => {
    const outline = new Outline(() => source);
    await outline.gather();
    const rows = (words: string) => questionsWith(outline.questions.value, words).map(({ row }) => row);
    expect(rows("UNDER")).toEqual([0]);
    expect(rows("why")).toEqual([2, 4]);
    expect(rows("")).toHaveLength(3);
  });

  it.each([
    [-1, -1],
    [0, 0],
    [1, 0],
    [2, 1],
    [3, 1],
    [4, 2],
    [900, 2],
  ])("knows which question row %i belongs to", (row, place) => {
    const questions = [0, 2, 4].map((at) => ({ row: at, text: "" }));
    expect(currentQuestion(questions, row)).toBe(place);
    expect(currentQuestion([], row)).toBe(-1);
  });
});
