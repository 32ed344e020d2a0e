import { describe, expect, it } from "vitest";
import { SettledText } from "./settled-text.ts";

const TEXT = `# Bread

Flour and *water*,
and time.

\`\`\`sh
knead

again
\`\`\`

- one

- two

> quoted

| a | b |
| - | - |
| 1 | 2 |

The end.`;

function grow(text: string, step: number): readonly (readonly string[])[] {
  const settled = new SettledText();
  return Array.from({ length: Math.ceil(text.length / step) }, (_, i) => settled.take(text.slice(0, (i + 1) * step)));
}

describe("a text that grows", () => {
  it.each([1, 3, 17, 1000])("is always all there, in pieces that stay, %i characters at a time", (step) => {
    let before: readonly string[] = [""];
    for (const [i, pieces] of grow(TEXT, step).entries()) {
      expect(pieces.join("")).toBe(TEXT.slice(0, (i + 1) * step));
      expect(pieces.slice(0, before.length - 1)).toEqual(before.slice(0, -1));
      before = pieces;
    }
  });

  it("is read anew only behind what is settled", () => {
    const pieces = grow(TEXT, 1).at(-1) ?? [];
    expect(pieces.length).toBeGreaterThan(3);
    expect(pieces.at(-1)?.length).toBeLessThan(TEXT.length / 2);
  });

  it("keeps code, lists and quotes whole while they may go on", () => {
    for (const pieces of grow(TEXT, 1)) {
      for (const piece of pieces)
        expect((piece.match(/```/g) ?? []).length % 2 === 0 || piece === pieces.at(-1)).toBe(true);
    }
    expect(new SettledText().take("- one\n\n- two\n\n- three\n\n")).toHaveLength(1);
  });

  it("begins anew when it is another one", () => {
    const settled = new SettledText();
    settled.take("One.\n\nTwo.\n\nThree.\n\nFour.");
    expect(settled.take("Another").join("")).toBe("Another");
  });
});
