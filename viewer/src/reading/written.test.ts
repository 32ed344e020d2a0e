import { type Part, textParts } from "@openmates-share/client";
import { readImport } from "@openmates-share/importers";
import { describe, expect, it } from "vitest";
import type { SpokenMessage } from "./reading-source.ts";
import { fileName, writerOf } from "./written.ts";

function said(index: number, message: Partial<SpokenMessage>): SpokenMessage {
  return {
    index,
    id: `${index}`,
    role: "user",
    kind: "person",
    speaker: "Ada",
    parts: textParts("Hello"),
    time: 1_700_000_000_000,
    model: null,
    ...message,
  };
}

const PICTURE: Part = {
  type: "image",
  name: "map.png",
  mediaType: "image/png",
  size: 12,
  alt: "A map",
  width: 1,
  height: 1,
  embed: { id: "AAAAAAAAAAAAAAAAAAAAAA" as never, key: new Uint8Array(32) },
};

const MESSAGES = [
  said(0, { parts: textParts('Can I "cross" each\n\nbridge **once**? \u2028 ü') }),
  said(1, { role: "assistant", speaker: "Assistant", kind: "assistant", model: "model-4", parts: textParts("No.") }),
  said(2, { parts: [...textParts("Look:"), PICTURE], time: null }),
];

function written(form: "markdown" | "json", title = "Bridges"): string {
  const writer = writerOf(form, { title });
  return [writer.head, ...MESSAGES.map((message) => writer.message(message)), writer.tail].join("");
}

describe("a chat that is kept", () => {
  it("comes back from JSON as it was", () => {
    const { conversations } = readImport({ name: "chat.json", text: written("json") });
    expect(conversations).toHaveLength(1);
    const { title, messages = [] } = conversations[0]?.read() ?? {};
    expect(title).toBe("Bridges");
    expect(messages.map(({ role, name, time, model }) => ({ role, name, time, model }))).toEqual(
      MESSAGES.map(({ role, speaker, time, model }) => ({ role, name: speaker, time, model })),
    );
    expect(messages.slice(0, 2).map(({ parts }) => parts)).toEqual(MESSAGES.slice(0, 2).map(({ parts }) => parts));
  });

  it("carries no key of a file", () => {
    for (const form of ["json", "markdown"] as const) expect(written(form)).not.toContain("AAAAAAAA");
    expect(JSON.parse(written("json")).messages[2].parts[1]).toMatchObject({ name: "map.png", embed: null });
  });

  it("reads well as markdown", () => {
    expect(written("markdown", "Bridges\nof Königsberg")).toContain(
      '# Bridges of Königsberg\n\n## Ada\n\n*2023-11-14 22:13*\n\nCan I "cross" each\n\nbridge **once**?',
    );
    expect(written("markdown")).toContain("## Assistant\n\n*model-4 · 2023-11-14 22:13*\n\nNo.");
  });

  it.each([
    ["A/B: what? <now>", "A B what now.md"],
    ["../../etc/passwd", "etc passwd.md"],
    ["\u202Eevil\u0000", "evil.md"],
    ["日本語の会話", "日本語の会話.md"],
    ["…", "Chat.md"],
  ])("gets a file name that every system takes: %j", (title, name) => {
    expect(fileName(title, "markdown")).toBe(name);
  });
});
