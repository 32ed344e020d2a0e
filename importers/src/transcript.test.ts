import { messageText } from "@openmates-share/protocol/content";
import { describe, expect, it } from "vitest";
import { readImport } from "./read-import.ts";

function read(text: string, name = "") {
  const file = readImport({ name, text });
  const conversation = file.conversations[0]?.read();
  return {
    format: file.format,
    title: conversation?.title,
    said: conversation?.messages.map((message) => [
      message.name ? `${message.role} ${message.name}` : message.role,
      messageText(message),
    ]),
  };
}

describe("a pasted transcript", () => {
  it.each([
    ["colons", "User: Is rye sour?\nAssistant: Often.\nIt ferments."],
    ["colons on their own lines", "You:\nIs rye sour?\n\nAI:\nOften.\nIt ferments."],
    ["headings", "## User\n\nIs rye sour?\n\n## Assistant\n\nOften.\nIt ferments."],
    ["bold names", "**User**: Is rye sour?\n\n**Assistant**: Often.\nIt ferments."],
    ["bold names with the colon inside", "**Human:** Is rye sour?\n**Model:** Often.\nIt ferments."],
    ["bold names alone", "__You__\nIs rye sour?\n\n__Bot__\nOften.\nIt ferments."],
    ["Windows line ends", "User: Is rye sour?\r\nAssistant: Often.\r\nIt ferments.\r\n"],
  ])("is told apart by %s", (_, text) => {
    expect(read(text)).toMatchObject({
      format: "transcript",
      said: [
        ["user", "Is rye sour?"],
        ["assistant", "Often.\nIt ferments."],
      ],
    });
  });

  it("keeps the name of an assistant that has one", () => {
    expect(read("You said:\nHello\nChatGPT said:\nHi").said).toEqual([
      ["user", "Hello"],
      ["assistant ChatGPT", "Hi"],
    ]);
    expect(read("You: Hello\nClaude Opus 4: Hi").said?.[1]?.[0]).toBe("assistant Claude Opus 4");
  });

  it("does not take a speaker's name in code or in another style for a turn", () => {
    const answer = "Write it so:\n\n```\nUser: hello\n```\n\nUser: not a turn";
    expect(read(`## User\nHow?\n## Assistant\n${answer}`).said).toEqual([
      ["user", "How?"],
      ["assistant", answer],
    ]);
  });

  it("takes a heading above it as the title, and keeps other text above it", () => {
    expect(read("# Rye\n\nFrom my notes.\n\n## User\nSour?\n## Assistant\nYes.")).toEqual({
      format: "transcript",
      title: "Rye",
      said: [
        ["user", "From my notes."],
        ["user", "Sour?"],
        ["assistant", "Yes."],
      ],
    });
  });

  it("may have no answer yet, if it begins with a speaker", () => {
    expect(read("User: Sour?")).toMatchObject({ format: "transcript", said: [["user", "Sour?"]] });
  });
});

describe("other text", () => {
  it.each([["Buy rye.\nUser: Anna, please call."], ["Note: rye is sour."], ['"Sour?"'], ["42"], ["[draft] {rye}"]])(
    "is one message of the user's: %j",
    (text) => {
      expect(read(text)).toMatchObject({ format: "text", said: [["user", text]] });
    },
  );

  it("is named after its heading, its file or its first words", () => {
    expect(read("# Rye\n\nIs sour.", "a.md").title).toBe("Rye");
    expect(read("Rye is sour.", "C:\\notes\\all about rye.txt").title).toBe("all about rye");
    expect(read("Rye is sour.").title).toBe("Rye is sour.");
  });
});
