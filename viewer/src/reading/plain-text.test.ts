import { describe, expect, it } from "vitest";
import { plainText } from "./plain-text.ts";

describe("a message as plain text", () => {
  it.each([
    ["# Title\n\nA **bold** and `code` word", "Title\n\nA bold and code word"],
    ["- one\n- two\n  - deeper", "- one\n- two\n  - deeper"],
    ["3. three\n4. four", "3. three\n4. four"],
    ["```js\nlet a;\n\nb()\n```", "let a;\n\nb()"],
    ["[here](https://example.org) and https://example.org", "here (https://example.org) and https://example.org"],
    ["> quoted\n> words", "> quoted\n> words"],
    ["| a | b |\n|---|---|\n| 1 | 2 |", "a\tb\n1\t2"],
    ["- [x] done\n- [ ] not", "- [x] done\n- [ ] not"],
    ["", ""],
  ])("%j", (markdown, text) => {
    expect(plainText(markdown)).toBe(text);
  });
});
