import { messageText, textParts } from "@openmates-share/protocol/content";
import { describe, expect, it } from "vitest";
import { readImport } from "./read-import.ts";

function read(data: unknown, name = "export.json") {
  const file = readImport({ name, text: typeof data === "string" ? data : JSON.stringify(data) });
  return { ...file, first: file.conversations[0]?.read() };
}
const said = (data: unknown) => read(data).first?.messages.map((message) => `${message.role}: ${messageText(message)}`);

describe("a list of messages as chat APIs take it", () => {
  const messages = [
    { role: "developer", content: "Be brief." },
    {
      role: "user",
      content: [
        { type: "text", text: "Weather?" },
        { type: "image_url", image_url: { url: "data:" } },
      ],
    },
    { role: "assistant", content: null, tool_calls: [{ function: { name: "sky", arguments: '{"at":"Ulm"}' } }] },
    { role: "tool", content: "sunny" },
    { role: "assistant", content: "Sunny." },
  ];
  const spoken = [
    "system: Be brief.",
    "user: Weather?\n\n[image]",
    'assistant: [used: sky]\n\n```json\n{\n  "at": "Ulm"\n}\n```\n\n```text\nsunny\n```\n\nSunny.',
  ];

  it("is read bare, within a request, and as lines of training data", () => {
    expect(said(messages)).toEqual(spoken);
    expect(said({ model: "gpt-5", messages })).toEqual(spoken);
    expect(read({ model: "gpt-5", messages }).first?.messages[2]?.model).toBe("gpt-5");
    const lines = `${JSON.stringify({ messages })}\n\n${JSON.stringify({ messages })}\n`;
    expect(read(lines, "train.jsonl")).toMatchObject({
      format: "openai-messages",
      conversations: [{}, {}],
      skipped: 0,
    });
  });
});

describe("a Claude export", () => {
  const message = (uuid: string, parent: string, more: object) => ({
    uuid,
    parent_message_uuid: parent,
    created_at: "2026-02-01T09:00:00.000000Z",
    ...more,
  });
  const question = message("a", "00000000-0000-4000-8000-000000000000", { sender: "human", text: "Why?" });

  it("prefers the blocks to the text that glues them together", () => {
    const content = [
      { type: "thinking", thinking: "Hm." },
      { type: "text", text: "Because." },
      { type: "token_budget" },
    ];
    const answer = message("b", "a", { sender: "assistant", text: "Hm.Because.", content });
    const { format, first } = read([{ uuid: "c", name: "Why", chat_messages: [question, answer] }]);
    expect(format).toBe("claude");
    expect(first).toEqual({
      title: "Why",
      messages: [
        { role: "user", name: "", parts: textParts("Why?"), time: Date.UTC(2026, 1, 1, 9), model: null },
        {
          role: "assistant",
          name: "Claude",
          parts: textParts("> Hm.\n\nBecause."),
          time: Date.UTC(2026, 1, 1, 9),
          model: null,
        },
      ],
    });
  });

  it("shows the way to the last message, not the answers that were tried before", () => {
    const first = message("b", "a", { sender: "assistant", text: "No." });
    const retry = message("c", "a", { sender: "assistant", text: "Because." });
    expect(said([{ name: "", chat_messages: [question, first, retry] }])).toEqual([
      "user: Why?",
      "assistant: Because.",
    ]);
  });

  it("names files, with what was read out of them, and shows tools and artifacts", () => {
    const attachments = [{ file_name: "a.rs", extracted_content: "fn main() {}" }];
    const files = [{ file_name: "b.png", file_kind: "image" }];
    const asked = message("a", "", {
      sender: "human",
      content: [{ type: "text", text: "Fix" }],
      attachments,
      files,
      files_v2: files,
    });
    const artifact = { title: "Main", language: "rust", type: "application/vnd.ant.code", content: "fn main() {}" };
    const answer = message("b", "a", {
      sender: "assistant",
      content: [
        { type: "tool_use", name: "artifacts", input: artifact },
        { type: "tool_result", content: [{ type: "text", text: "OK" }] },
      ],
    });
    expect(said([{ name: "", chat_messages: [asked, answer] }])).toEqual([
      "user: Fix\n\n[file: a.rs]\n\n```rs\nfn main() {}\n```\n\n[image: b.png]",
      "assistant: [artifact: Main]\n\n```rust\nfn main() {}\n```\n\n```text\nOK\n```",
    ]);
  });
});

describe("a LibreChat export", () => {
  const asked = { messageId: "a", parentMessageId: null, isCreatedByUser: true, sender: "User", text: "Why?" };
  const answered = {
    messageId: "b",
    parentMessageId: "a",
    isCreatedByUser: false,
    sender: "GPT-4",
    model: "gpt-4o",
    text: "Because.",
    createdAt: "2026-02-01T09:00:00.000Z",
  };
  const expected = {
    title: "Why",
    messages: [
      { role: "user", name: "", parts: textParts("Why?"), time: null, model: null },
      {
        role: "assistant",
        name: "GPT-4",
        parts: textParts("Because."),
        time: Date.UTC(2026, 1, 1, 9),
        model: "gpt-4o",
      },
    ],
  };

  it("is read from a list and from a tree", () => {
    expect(read({ title: "Why", messages: [asked, answered] })).toMatchObject({ format: "librechat", first: expected });
    const tree = [{ ...asked, children: [{ ...answered, messageId: "old", text: "No." }, answered] }];
    expect(read({ title: "Why", recursive: true, messages: tree }).first).toEqual(expected);
  });
});

describe("a ShareGPT file", () => {
  it("makes one answer of calls, observations and text", () => {
    const conversations = [
      { from: "human", value: "Weather?" },
      { from: "function_call", value: '{"name":"sky","arguments":{}}' },
      { from: "observation", value: '{"sky":"blue"}' },
      { from: "gpt", value: "Blue." },
    ];
    expect(read([{ conversations, system: "Be brief." }, { conversations }])).toMatchObject({
      format: "sharegpt",
      skipped: 0,
    });
    expect(said({ conversations, system: "Be brief." })).toEqual([
      "system: Be brief.",
      "user: Weather?",
      'assistant: [used: sky]\n\n```json\n{}\n```\n\n```json\n{"sky":"blue"}\n```\n\nBlue.',
    ]);
  });
});

describe("a conversation as this product writes it", () => {
  it("comes back as it was", () => {
    const conversation = {
      title: "Rye",
      messages: [{ role: "assistant", name: "Anna", text: "Sour.", time: 1_760_000_001_500, model: "gpt-5" }],
    };
    const said = [
      { role: "assistant", name: "Anna", parts: textParts("Sour."), time: 1_760_000_001_500, model: "gpt-5" },
    ];
    expect(read(conversation)).toMatchObject({ format: "openmates", first: { title: "Rye", messages: said } });
  });
});
