import { type Conversation, encodeContent } from "@openmates-share/protocol/content";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ImportError } from "../src/import-error.ts";
import { IMPORT_LIMITS } from "../src/limits.ts";
import { readImport } from "../src/read-import.ts";
import { assistant, conversationOf, text, user } from "./chatgpt-fixture.ts";
import { sharePage } from "./share-page-fixture.ts";

const VALID: readonly unknown[] = [
  [
    conversationOf([
      user("Question"),
      { role: "assistant", to: "python", content: { content_type: "code", language: "unknown", text: "1" } },
      { role: "tool", tool: "python", content: { content_type: "execution_output", text: "<<ImageDisplayed>>" } },
      { role: "assistant", content: { content_type: "thoughts", thoughts: [{ summary: "a", content: "b" }] } },
      { role: "assistant", to: "canmore.create_textdoc", content: text('{"name":"a","type":"code/js","content":"b"}') },
      {
        role: "assistant",
        to: "canmore.update_textdoc",
        content: text('{"updates":[{"pattern":"b","multiple":true,"replacement":"bb"}]}'),
      },
      { role: "assistant", content: { content_type: "reasoning_recap", content: "Thought for 2s" } },
      {
        role: "user",
        content: { content_type: "multimodal_text", parts: [{ content_type: "image_asset_pointer" }, "a"] },
      },
      assistant("Sour.\ue200cite\ue202turn0search1\ue201 And 【6†source】", {
        content_references: [
          { matched_text: "\ue200cite\ue202turn0search1\ue201", items: [{ url: "https://a.example" }] },
        ],
        citations: [{ metadata: { title: "a", url: "https://a.example", extra: { cited_message_idx: 6 } } }],
        attachments: [{ name: "a.pdf" }],
      }),
    ]),
  ],
  [
    {
      name: "a",
      created_at: "2026-02-01T09:00:00Z",
      chat_messages: [
        { uuid: "a", sender: "human", text: "a", attachments: [{ file_name: "a.rs", extracted_content: "b" }] },
        {
          uuid: "b",
          parent_message_uuid: "a",
          sender: "assistant",
          content: [
            { type: "thinking", thinking: "a" },
            { type: "tool_use", name: "artifacts", input: { id: "a", content: "a" } },
            { type: "tool_use", name: "artifacts", input: { id: "a", old_str: "a", new_str: "aa" } },
            { type: "tool_result", content: [{ type: "text", text: "b" }] },
          ],
        },
      ],
    },
  ],
  {
    title: "a",
    messages: [{ messageId: "a", isCreatedByUser: true, text: "a", children: [{ messageId: "b", text: "c" }] }],
  },
  [
    {
      conversations: [
        { from: "human", value: "a" },
        { from: "function_call", value: '{"name":"a"}' },
      ],
    },
  ],
  {
    messages: [
      { role: "user", content: [{ type: "text", text: "a" }] },
      { role: "assistant", tool_calls: [{ function: {} }] },
    ],
  },
  { title: "a", messages: [{ role: "user", name: "", text: "a", time: 1, model: null }] },
  {
    title: "a",
    messages: [
      {
        role: "user",
        name: "",
        parts: [
          { type: "code", text: "a", language: "js", tool: "b" },
          { type: "image", name: "a.png", mediaType: "image/png", alt: "", width: 1, height: 1, size: 1, source: null },
          { type: "sources", sources: [{ title: "a", url: "https://a.example" }] },
        ],
      },
    ],
  },
  {
    version: 4,
    history: [{ id: "a", name: "a", folderId: null, model: { id: "b" }, messages: [{ role: "user", content: "a" }] }],
  },
  { title: "a", contents: { dialog: [{ who: "human", what: "a" }] } },
  {
    title: "a",
    linear_conversation: [{ id: "a" }, { id: "b", message: { author: { role: "user" }, content: text("a") } }],
  },
];

/** Every place of a JSON value, as the keys that lead to it. */
function places(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [[...path]];
  return [[...path], ...Object.entries(value).flatMap(([key, inner]) => places(inner, [...path, key]))];
}

type Change = (value: unknown) => unknown;

function changed(value: unknown, path: readonly string[], change: Change): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  if (Array.isArray(value))
    return value.map((one, index) => (String(index) === key ? changed(one, rest, change) : one));
  const entries = Object.entries(value as object).map(([name, one]) => [
    name,
    name === key ? changed(one, rest, change) : one,
  ]);
  return Object.fromEntries(entries.filter(([, one]) => one !== undefined));
}

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }).map((other) => () => other),
  fc.constant(() => undefined),
  fc.constant((value: unknown) => [value, value]),
  fc.constant((value: unknown) => ({ value })),
  fc
    .constantFrom("__proto__", "constructor", "toString", "root", "n1", "n3", "all", "\ud800", "\0", "```")
    .map((word) => () => word),
  fc.constantFrom(-1, 0, 1e308, 2 ** 53).map((number) => () => number),
);

/** What every import comes down to: fit conversations and branches, or a sentence. */
function checkOutcome(name: string, input: string): void {
  let file: ReturnType<typeof readImport>;
  try {
    file = readImport({ name, text: input });
  } catch (error) {
    expect(error).toBeInstanceOf(ImportError);
    return;
  }
  expect(file.conversations.length).toBeGreaterThan(0);
  for (const entry of file.conversations) {
    const conversation = entry.read();
    expect(conversation.title).toBe(entry.title);
    expect(conversation.messages).toHaveLength(entry.messageCount);
    checkConversation(conversation);
    for (const branch of entry.branches.slice(0, 20)) {
      const along = entry.read(branch.id);
      checkConversation(along);
      expect(branch.messageCount).toBeGreaterThan(0);
      expect(branch.after + branch.messageCount).toBe(along.messages.length);
      expect(along.messages.slice(0, branch.after)).toEqual(conversation.messages.slice(0, branch.after));
    }
  }
}

function checkConversation({ title, messages }: Conversation): void {
  expect(title.length).toBeGreaterThan(0);
  expect(title.length).toBeLessThanOrEqual(IMPORT_LIMITS.title);
  const after = { seq: 0, head: new Uint8Array(32) };
  for (const message of messages) {
    expect(message.parts.length).toBeGreaterThan(0);
    const parts = message.parts.map((part) => ("source" in part ? { ...part, embed: null } : part));
    // Refused for every name, number and list that the protocol does not take.
    const bytes = encodeContent({ type: "message", ...message, parts, replyTo: null, withheld: false, after });
    expect(bytes.length).toBeLessThan(IMPORT_LIMITS.messageBytes + 10_000);
  }
}

/** Milliseconds; thousands of files take seconds, and a machine may have other work. A hang takes longer than any. */
const timeout = 120_000;

describe("any mutation of a valid file gives conversations or an ImportError", { timeout }, () => {
  it("when values in it are replaced, removed, doubled or wrapped", () => {
    const mutations = fc.constantFrom(...VALID).chain((valid) => {
      const place = fc.constantFrom(...places(valid));
      return fc.array(fc.tuple(place, change), { minLength: 1, maxLength: 4 }).map((edits) =>
        edits.reduce((value, [path, edit]) => {
          // An earlier edit may have taken the place away.
          try {
            return changed(value, path, edit);
          } catch {
            return value;
          }
        }, valid),
      );
    });
    fc.assert(
      fc.property(mutations, (data) => checkOutcome("conversations.json", JSON.stringify(data ?? null))),
      { numRuns: 2000 },
    );
  });

  it("when its text is cut or has something in it that was not there", () => {
    const page = sharePage(conversationOf([user("a"), assistant("b")]));
    const texts = fc.constantFrom(...VALID.map((valid) => JSON.stringify(valid)), page);
    const damage = fc.tuple(
      texts,
      fc.nat(),
      fc.nat(20),
      fc.string({ unit: "binary" }),
      fc.constantFrom("a.json", "a.txt", ""),
    );
    fc.assert(
      fc.property(damage, ([valid, at, removed, added, name]) => {
        const start = at % valid.length;
        checkOutcome(name, valid.slice(0, start) + added + valid.slice(start + removed));
      }),
      { numRuns: 2000 },
    );
  });

  it("when it is any text", () => {
    const line = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.constantFrom("User: a", "Assistant: b", "## User", "**You**", "```", "# Title", ""),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => checkOutcome("", lines.join("\n"))),
      { numRuns: 1000 },
    );
  });
});

describe("no file makes an import hang or overflow", { timeout }, () => {
  const large = 300_000;
  it.each([
    ["deep lists", "[".repeat(large) + "]".repeat(large)],
    [
      "deep content",
      `[{"role":"user","content":${'[{"type":"tool_result","content":'.repeat(5000)}1${"}]".repeat(5000)}}]`,
    ],
    [
      "an unknown block that is deep",
      `[{"role":"user","content":[{"type":"a","b":${"[".repeat(large)}${"]".repeat(large)}}]}]`,
    ],
    ["blank space", `${" \t".repeat(large)}x`],
    [
      "blank space in an answer",
      JSON.stringify([conversationOf([assistant(`\ue200${" ".repeat(large)}x\ue200`.repeat(3))])]),
    ],
    [
      "marks of one long address",
      JSON.stringify([
        conversationOf([
          assistant("\ue200cite\ue201".repeat(large), {
            content_references: [
              { matched_text: "\ue200cite\ue201", items: [{ url: `https://a.example/${"a".repeat(7000)}` }] },
            ],
          }),
        ]),
      ]),
    ],
    [
      "as many images as attachments",
      JSON.stringify([
        conversationOf([
          {
            role: "user",
            content: {
              content_type: "multimodal_text",
              parts: Array.from({ length: 30_000 }, (_, index) => ({
                content_type: "image_asset_pointer",
                asset_pointer: `sediment://file_${index}`,
              })),
            },
            metadata: { attachments: Array.from({ length: 30_000 }, (_, index) => ({ id: `file-${index}` })) },
          },
        ]),
      ]),
    ],
    [
      "deep blocks side by side",
      `[{"role":"user","content":[${Array(500)
        .fill(`{"type":"a","b":${"[".repeat(2000)}${"]".repeat(2000)}}`)
        .join()}]}]`,
    ],
    [
      "branches that begin with much",
      JSON.stringify({
        title: "a",
        messages: [
          { messageId: "m", parentMessageId: null, isCreatedByUser: true, text: "a" },
          { messageId: "b", parentMessageId: "m", text: "", content: Array(20_000).fill({ type: "think", think: "" }) },
          ...Array.from({ length: 20_000 }, (_, index) => ({
            messageId: `c${index}`,
            parentMessageId: "b",
            text: "c",
          })),
          { messageId: "d", parentMessageId: "m", isCreatedByUser: false, text: "d" },
        ],
      }),
    ],
    ["pages of data without an end", `<!doctype html>${'streamController.enqueue("'.repeat(large)}`],
    ["open marks", JSON.stringify([conversationOf([assistant("\ue200cite\ue202".repeat(large))])])],
    ["open brackets", JSON.stringify([conversationOf([assistant("【1†".repeat(large))])])],
    ["comments of HTML", `${"<!---->".repeat(large)}x`],
    ["speakers", "User:\nAssistant:\n".repeat(large)],
    ["a speaker and blank space", `User:${" ".repeat(large)}${"*".repeat(large)}`],
    [
      "backticks",
      JSON.stringify([conversationOf([{ role: "assistant", to: "python", content: text("`".repeat(large)) }])]),
    ],
    [
      "quotes",
      JSON.stringify([conversationOf([{ role: "assistant", to: "browser", content: text('search("'.repeat(large)) }])]),
    ],
  ])("%s", (_, input) => checkOutcome("", input));
});
