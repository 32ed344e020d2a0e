import { messageText, textParts } from "@openmates-share/protocol/content";
import { describe, expect, it } from "vitest";
import { readImport } from "./read-import.ts";

function read(data: unknown, name = "export.json") {
  const file = readImport({ name, text: typeof data === "string" ? data : JSON.stringify(data) });
  return { ...file, first: file.conversations[0]?.read() };
}
const said = (data: unknown) => read(data).first?.messages.map((message) => `${message.role}: ${messageText(message)}`);
const parts = (data: unknown) => read(data).first?.messages.map(({ parts }) => parts);
const md = (text: string) => ({ type: "markdown", text });
const picture = { type: "image", alt: "", width: null, height: null };
const PNG = "data:image/png;base64,iVBORw0K";

describe("a list of messages as chat APIs take it", () => {
  const messages = [
    { role: "developer", content: "Be brief." },
    {
      role: "user",
      content: [
        { type: "text", text: "Weather?" },
        { type: "image_url", image_url: { url: PNG } },
        { type: "image_url", image_url: { url: "https://sky.example/a.png" } },
      ],
    },
    {
      role: "assistant",
      content: null,
      reasoning_content: "Look.",
      tool_calls: [{ id: "call_1", function: { name: "sky", arguments: '{"at":"Ulm"}' } }],
    },
    { role: "tool", tool_call_id: "call_1", content: "sunny" },
    { role: "assistant", content: "Sunny." },
  ];
  const spoken = [
    [md("Be brief.")],
    [
      md("Weather?"),
      { ...picture, name: "image", mediaType: "image/png", size: 6, source: PNG },
      md("[Image](<https://sky.example/a.png>)"),
    ],
    [
      { type: "reasoning", text: "Look.", seconds: null },
      { type: "code", text: '{\n  "at": "Ulm"\n}', language: "json", tool: "sky" },
      { type: "output", text: "sunny", tool: "sky", failed: false },
      md("Sunny."),
    ],
  ];

  it("is read bare, within a request, and as lines of training data", () => {
    expect(parts(messages)).toEqual(spoken);
    expect(parts({ model: "gpt-5", messages })).toEqual(spoken);
    expect(read({ model: "gpt-5", messages }).first?.messages[2]?.model).toBe("gpt-5");
    const lines = `${JSON.stringify({ messages })}\n\n${JSON.stringify({ messages })}\n`;
    expect(read(lines, "train.jsonl")).toMatchObject({
      format: "openai-messages",
      conversations: [{}, {}],
      skipped: 0,
    });
  });

  it("gives the bytes of images that stand in it", async () => {
    const image = await read(messages).first?.attachment?.(PNG);
    expect(image?.type).toBe("image/png");
    expect(new Uint8Array((await image?.arrayBuffer()) ?? new ArrayBuffer())).toEqual(
      new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a]),
    );
    expect(read([{ role: "user", content: "a" }]).first?.attachment).toBeUndefined();
  });

  it("is read as the newer API has it, with calls and thoughts between the messages", () => {
    const input = [
      { role: "user", content: [{ type: "input_text", text: "Weather?" }] },
      { type: "reasoning", summary: [{ type: "summary_text", text: "Look." }] },
      { type: "function_call", call_id: "c1", name: "sky", arguments: "{}" },
      { type: "function_call_output", call_id: "c1", output: "sunny" },
      {
        type: "message",
        role: "assistant",
        content: [
          {
            type: "output_text",
            text: "Sunny.",
            annotations: [{ type: "url_citation", url: "https://sky.example/", title: "Sky" }],
          },
        ],
      },
    ];
    expect(parts({ input })).toEqual([
      [md("Weather?")],
      [
        { type: "reasoning", text: "Look.", seconds: null },
        { type: "code", text: "{}", language: "json", tool: "sky" },
        { type: "output", text: "sunny", tool: "sky", failed: false },
        md("Sunny."),
        { type: "sources", sources: [{ title: "Sky", url: "https://sky.example/" }] },
      ],
    ]);
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
  const answered = (...content: unknown[]) =>
    parts([
      { name: "", chat_messages: [question, message("b", "a", { sender: "assistant", text: "", content })] },
    ])?.[1];

  it("prefers the blocks to the text that glues them together", () => {
    const content = [
      {
        type: "thinking",
        thinking: "Hm.",
        start_timestamp: "2026-02-01T09:00:00.1Z",
        stop_timestamp: "2026-02-01T09:00:04.2Z",
      },
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
          parts: [{ type: "reasoning", text: "Hm.", seconds: 4 }, md("Because.")],
          time: Date.UTC(2026, 1, 1, 9),
          model: null,
        },
      ],
    });
  });

  it("takes the text where the blocks say nothing, and leaves out messages without either", () => {
    const answer = message("b", "a", { sender: "assistant", text: "Because.", content: [{ type: "text", text: "" }] });
    const empty = message("c", "b", { sender: "assistant", text: "  ", content: [] });
    expect(said([{ name: "", chat_messages: [question, answer, empty] }])).toEqual([
      "user: Why?",
      "assistant: Because.",
    ]);
  });

  it("shows the way to the last message, and offers the answers that were tried before", () => {
    const first = message("b", "a", { sender: "assistant", text: "No." });
    const retry = message("c", "a", { sender: "assistant", text: "Because." });
    const data = [{ name: "", chat_messages: [question, first, retry] }];
    expect(said(data)).toEqual(["user: Why?", "assistant: Because."]);
    const [entry] = read(data).conversations;
    expect(entry?.branches).toEqual([
      { id: "1", after: 1, messageCount: 1, time: Date.UTC(2026, 1, 1, 9), words: "No." },
    ]);
    expect(entry?.read("1").messages.map(messageText)).toEqual(["Why?", "No."]);
  });

  it("is a line where nobody names a parent, and goes on behind a parent that is missing", () => {
    const line = [
      { sender: "human", text: "a" },
      { sender: "assistant", text: "b" },
    ];
    expect(said([{ name: "", chat_messages: line }])).toEqual(["user: a", "assistant: b"]);
    const gap = [question, message("b", "a", { sender: "assistant", text: "b" }), message("d", "gone", { text: "d" })];
    expect(said([{ name: "", chat_messages: gap }])).toEqual(["user: Why?", "assistant: b\n\nd"]);
  });

  it("has the text that was read out of attachments, and the names of files, each once", () => {
    const attachments = [
      { file_name: "a.rs", extracted_content: "fn main() {}" },
      { file_name: "", extracted_content: "pasted" },
      { file_name: "b.pdf", file_type: "pdf", file_size: 7, extracted_content: "" },
    ];
    const files = [{ file_name: "c.png", file_kind: "image", file_uuid: "u1" }, { file_name: "a.rs" }];
    const asked = message("a", "", { sender: "human", text: "Fix", attachments, files, files_v2: files });
    expect(parts([{ name: "", chat_messages: [asked] }])).toEqual([
      [
        { type: "document", title: "a.rs", text: "fn main() {}", language: "rs" },
        { type: "document", title: "Pasted text", text: "pasted", language: "text" },
        { type: "file", name: "b.pdf", mediaType: "application/pdf", size: 7, source: "b.pdf" },
        { ...picture, name: "c.png", mediaType: "image/png", size: null, source: "c.png" },
        md("Fix"),
      ],
    ]);
  });

  it("has calls of tools with what they gave back, and the pages that a search found", () => {
    expect(
      answered(
        { type: "tool_use", name: "repl", input: { code: "1 + 1" } },
        { type: "tool_result", name: "repl", content: [{ type: "text", text: "2" }] },
        { type: "tool_use", name: "web_search", input: { query: "rye" } },
        {
          type: "tool_result",
          name: "web_search",
          content: [{ type: "knowledge", title: "Rye", url: "https://rye.example/", text: "A whole page" }],
        },
        { type: "tool_use", name: "oven", input: { degrees: 250 } },
        { type: "tool_result", name: "oven", is_error: true, content: "too hot" },
        { type: "text", text: "Hot.", citations: [{ title: "Oven", url: "https://oven.example/" }] },
      ),
    ).toEqual([
      { type: "code", text: "1 + 1", language: "javascript", tool: "repl" },
      { type: "output", text: "2", tool: "repl", failed: false },
      { type: "code", text: "rye", language: "text", tool: "web_search" },
      { type: "code", text: '{\n  "degrees": 250\n}', language: "json", tool: "oven" },
      { type: "output", text: "too hot", tool: "oven", failed: true },
      md("Hot."),
      {
        type: "sources",
        sources: [
          { title: "Rye", url: "https://rye.example/" },
          { title: "Oven", url: "https://oven.example/" },
        ],
      },
    ]);
  });

  it("has artifacts as documents, as each change left them", () => {
    const artifact = (input: object) => ({ type: "tool_use", name: "artifacts", input: { id: "main", ...input } });
    const code = { type: "application/vnd.ant.code", language: "rust", title: "Main" };
    expect(
      answered(
        artifact({ command: "create", ...code, content: "fn main() {}" }),
        { type: "tool_result", name: "artifacts", content: [{ type: "text", text: "OK" }] },
        artifact({ command: "update", old_str: "{}", new_str: "{ run() }" }),
        artifact({ command: "update", old_str: "gone", new_str: "here" }),
        artifact({ id: "note", command: "create", type: "text/markdown", title: "Note", content: "# Rye" }),
      ),
    ).toEqual([
      { type: "document", title: "Main", text: "fn main() {}", language: "rust" },
      { type: "document", title: "Main", text: "fn main() { run() }", language: "rust" },
      { type: "document", title: "Main (changed passage)", text: "here", language: "rust" },
      { type: "document", title: "Note", text: "# Rye", language: null },
    ]);
  });

  it("names blocks of a kind that is not known, and keeps them", () => {
    expect(answered({ type: "smell", of: "rye" })).toEqual([
      { type: "other", named: "smell", text: '{\n  "type": "smell",\n  "of": "rye"\n}' },
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

describe("what LibreChat writes", () => {
  const message = (more: object) => ({ title: "", messages: [{ messageId: "a", isCreatedByUser: false, ...more }] });

  it("has calls with their results, thoughts, and errors", () => {
    const content = [
      { type: "think", think: "Hm." },
      { type: "tool_call", tool_call: { name: "sky", args: '{"at":"Ulm"}', output: "sunny" } },
      { type: "text", text: "Sunny." },
    ];
    expect(parts(message({ text: "", content }))).toEqual([
      [
        { type: "reasoning", text: "Hm.", seconds: null },
        { type: "code", text: '{\n  "at": "Ulm"\n}', language: "json", tool: "sky" },
        { type: "output", text: "sunny", tool: "sky", failed: false },
        md("Sunny."),
      ],
    ]);
    expect(parts(message({ text: ":::thinking\nHm.\n:::\nSunny." }))).toEqual([
      [{ type: "reasoning", text: "Hm.", seconds: null }, md("Sunny.")],
    ]);
    expect(parts(message({ error: true, text: "No key" }))).toEqual([
      [{ type: "output", text: "No key", tool: null, failed: true }],
    ]);
  });

  it("has the files that came with a message", () => {
    const files = [
      { file_id: "f", filename: "a.png", filepath: "/images/a.png", type: "image/png", width: 3, bytes: 9 },
    ];
    expect(parts(message({ text: "See", files }))).toEqual([
      [{ ...picture, width: 3, size: 9, name: "a.png", mediaType: "image/png", source: "/images/a.png" }, md("See")],
    ]);
  });

  it("offers the branches of a tree", () => {
    const node = (messageId: string, user: boolean, ...children: unknown[]) => ({
      messageId,
      isCreatedByUser: user,
      text: messageId,
      children,
    });
    const tree = [node("ask", true, node("first", false, node("more", true)), node("second", false))];
    const [entry] = read({ title: "", recursive: true, messages: tree }).conversations;
    expect(entry?.read().messages.map(messageText)).toEqual(["ask", "second"]);
    expect(entry?.branches).toMatchObject([{ after: 1, messageCount: 2, words: "first" }]);
  });
});

describe("a Chatbot UI export", () => {
  it("gives the chats of its history, with their names and models", () => {
    const chat = {
      id: "1",
      name: "Rye",
      messages: [
        { role: "user", content: "Sour?" },
        { role: "assistant", content: "Often." },
      ],
      model: { id: "gpt-4", name: "GPT-4" },
      prompt: "You are a baker.",
      temperature: 1,
      folderId: null,
    };
    const { format, conversations, first } = read({ version: 4, history: [chat, chat], folders: [], prompts: [] });
    expect(format).toBe("chatbot-ui");
    expect(conversations).toHaveLength(2);
    expect(first).toMatchObject({
      title: "Rye",
      messages: [{ parts: [md("Sour?")] }, { parts: [md("Often.")], model: "gpt-4" }],
    });
    expect(read([{ ...chat, id: 1, folderId: undefined, prompt: undefined }]).format).toBe("chatbot-ui");
  });
});

describe("a SharePrompts file", () => {
  const contents = {
    avatar: "data:",
    dialog: [
      { who: "human", what: "Sour?" },
      { who: "gpt", what: "Often." },
    ],
  };

  it.each([[contents], [JSON.stringify(contents)]])("gives who said what", (contents) => {
    expect(read({ title: "Rye", model: "Model: GPT-4", contents })).toMatchObject({
      format: "shareprompts",
      first: {
        title: "Rye",
        messages: [
          { role: "user", parts: [md("Sour?")], model: null },
          { role: "assistant", parts: [md("Often.")], model: "GPT-4" },
        ],
      },
    });
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
    expect(parts({ conversations, system: "Be brief." })).toEqual([
      [md("Be brief.")],
      [md("Weather?")],
      [
        { type: "code", text: "{}", language: "json", tool: "sky" },
        { type: "output", text: '{"sky":"blue"}', tool: "sky", failed: false },
        md("Blue."),
      ],
    ]);
  });

  it("keeps calls that are no JSON, and speakers of other names", () => {
    const conversations = [
      { from: "Anna", value: "Weather?" },
      { from: "function_call", value: "sky(" },
    ];
    expect(read({ conversations }).first?.messages).toMatchObject([
      { role: "user", name: "Anna" },
      { parts: [{ type: "code", text: "sky(", language: null, tool: null }] },
    ]);
  });
});

describe("a conversation as this product writes it", () => {
  const message = { role: "assistant", name: "Anna", time: 1_760_000_001_500, model: "gpt-5" };

  it("comes back as it was", () => {
    const all = [
      md("Sour."),
      { type: "code", text: "1", language: "python", tool: "python" },
      { type: "output", text: "1", tool: null, failed: true },
      { type: "document", title: "Rye", text: "# Rye", language: null },
      { type: "reasoning", text: "Hm.", seconds: 3 },
      { ...picture, name: "a.png", mediaType: "image/png", size: 6, source: PNG },
      { type: "file", name: "a.pdf", mediaType: "application/pdf", size: null, source: null },
      { type: "other", named: "smell", text: "rye" },
      { type: "sources", sources: [{ title: "Rye", url: "https://rye.example/" }] },
    ];
    const conversation = { title: "Rye", messages: [{ ...message, parts: all }] };
    expect(read(conversation)).toMatchObject({ format: "openmates", first: conversation });
  });

  it("may have its text in place of the parts, and keeps parts of a newer version", () => {
    expect(parts({ title: "Rye", messages: [{ ...message, text: "Sour." }] })).toEqual([[md("Sour.")]]);
    expect(parts({ title: "Rye", messages: [{ ...message, parts: [{ type: "smell", of: "rye" }] }] })).toEqual([
      [{ type: "other", named: "smell", text: '{\n  "type": "smell",\n  "of": "rye"\n}' }],
    ]);
  });
});
