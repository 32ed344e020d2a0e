import { describe, expect, it } from "vitest";
import { messageText } from "./part-text.ts";
import { type Part, textParts } from "./parts.ts";

const file = { name: "rye [1].pdf", mediaType: "application/pdf", size: 9, embed: null };

describe("messageText", () => {
  it("is a message's text when it has nothing else", () => {
    expect(messageText({ parts: textParts("  as *written*\n") })).toBe("  as *written*\n");
  });

  const cases: [string, Part, string][] = [
    ["code", { type: "code", text: "a\n```\n", language: "js", tool: null }, "````js\na\n```\n````"],
    ["code in a language that breaks out", { type: "code", text: "a", language: "js\n# b", tool: null }, "```\na\n```"],
    ["output", { type: "output", text: "1\n", tool: "python", failed: true }, "```text\n1\n```"],
    ["a document", { type: "document", title: "Rye*", text: "# A", language: null }, "**Rye\\***\n\n# A"],
    ["thoughts", { type: "reasoning", text: "a\n\nb", seconds: 3 }, "> a\n>\n> b"],
    [
      "sources",
      {
        type: "sources",
        sources: [
          { title: "A]", url: "https://a.example/?b=1" },
          { title: "", url: "java<script" },
        ],
      },
      "- [A\\]](<https://a.example/?b=1>)\n- java\\<script",
    ],
    ["a file", { type: "file", ...file }, "[file: rye \\[1\\].pdf]"],
    ["a picture", { type: "image", ...file, alt: "Bread", width: null, height: null }, "[image: Bread]"],
    ["what has no form", { type: "other", named: "widget", text: "{}" }, "```\n{}\n```"],
    ["what is of a newer version", { type: "unknown", named: "x_y", json: {} }, "[x\\_y: of a newer version]"],
  ];
  it.each(cases)("gives %s as markdown", (_, part, markdown) => {
    expect(messageText({ parts: [part] })).toBe(markdown);
    expect(messageText({ parts: [...textParts("Look:"), part] })).toBe(`Look:\n\n${markdown}`);
  });
});
