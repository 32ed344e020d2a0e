import { messageText, textParts } from "@openmates-share/protocol/content";
import { describe, expect, it } from "vitest";
import { assistant, conversationOf, type FixtureMessage, messageOf, text, user } from "../../tests/chatgpt-fixture.ts";
import { readImport } from "../read-import.ts";

const read = (conversation: unknown) => {
  const file = readImport({ name: "conversations.json", text: JSON.stringify([conversation]) });
  const [first] = file.conversations;
  if (!first) throw new Error("no conversation");
  return first.read();
};
const said = (conversation: unknown) =>
  read(conversation).messages.map((message) => `${message.role}: ${messageText(message)}`);
const answer = (...messages: FixtureMessage[]) => said(conversationOf([user("?"), ...messages]))[1]?.slice(11);
const parts = (...messages: FixtureMessage[]) => read(conversationOf([user("?"), ...messages])).messages[1]?.parts;
const asked = (content: unknown, metadata?: Record<string, unknown>) =>
  read(conversationOf([{ role: "user", content, ...(metadata ? { metadata } : {}) }])).messages[0]?.parts;
const picture = {
  type: "image",
  name: "image",
  mediaType: "image/png",
  alt: "",
  width: null,
  height: null,
  size: null,
};

describe("a conversation of a ChatGPT export", () => {
  it("gives title, speakers, times in milliseconds and the model of an answer", () => {
    expect(read(conversationOf([user("How long does it rise?"), assistant("Twelve hours.")]))).toEqual({
      title: "Bread without kneading",
      messages: [
        { role: "user", name: "", parts: textParts("How long does it rise?"), time: 1_760_000_001_500, model: null },
        {
          role: "assistant",
          name: "ChatGPT",
          parts: textParts("Twelve hours."),
          time: 1_760_000_001_500,
          model: "gpt-5",
        },
      ],
    });
  });

  it("is read alone as well as in a list, with the time of its last change and the number of its messages", () => {
    const conversation = conversationOf([user("a"), assistant("b")]);
    for (const data of [conversation, [conversation]]) {
      const file = readImport({ name: "", text: JSON.stringify(data) });
      expect(file.format).toBe("chatgpt");
      expect(file.conversations[0]).toMatchObject({ time: 1_760_000_100_750, messageCount: 2 });
    }
  });

  it.each([
    [1_760_000_001, 1_760_000_001_000],
    ["2025-10-09T08:53:21.500Z", 1_760_000_001_500],
    ["1760000001.5", 1_760_000_001_500],
    [null, null],
    [0, null],
    ["soon", null],
    [1e300, null],
  ])("takes the time %j for %j", (time, expected) => {
    expect(read(conversationOf([{ ...user("a"), time }])).messages[0]?.time).toBe(expected);
  });

  it("takes its title from the first question when it has none", () => {
    expect(read(conversationOf([user("\n## *Why* is it sour?\nTell me.")], "")).title).toBe("Why* is it sour?");
  });

  it("cuts a title to the protocol's length without halving a character", () => {
    const { title } = read(conversationOf([user("a")], `${"x".repeat(298)}😀😀😀`));
    expect(title).toBe(`${"x".repeat(298)}…`);
  });

  it("counts records without a message as skipped", () => {
    const data = [conversationOf([]), { title: "no mapping" }, null, conversationOf([user("a")])];
    expect(readImport({ name: "c.json", text: JSON.stringify(data) })).toMatchObject({
      skipped: 3,
      conversations: [{}],
    });
  });
});

describe("the shown path", () => {
  it("leaves out the branches that the current node is not on", () => {
    const conversation = conversationOf([user("first wording"), assistant("first answer")]);
    conversation.mapping.root?.children?.push("other");
    conversation.mapping.other = {
      message: messageOf("other", user("second wording")),
      parent: "root",
      children: [],
    };
    expect(said(conversation)).toEqual(["user: first wording", "assistant: first answer"]);
    expect(said({ ...conversation, current_node: "other" })).toEqual(["user: second wording"]);
  });

  it("has them as branches, which can be read", () => {
    const conversation = conversationOf([user("Sour?"), assistant("No."), user("Sure?"), assistant("Yes.")]);
    conversation.mapping.n1?.children?.push("retry");
    conversation.mapping.retry = { message: messageOf("retry", assistant("Often.")), parent: "n1", children: [] };
    const file = readImport({ name: "", text: JSON.stringify({ ...conversation, current_node: "retry" }) });
    const [entry] = file.conversations;
    expect(entry?.messageCount).toBe(2);
    expect(entry?.branches).toEqual([
      { id: expect.any(String), after: 1, messageCount: 3, time: 1_760_000_001_500, words: "No." },
    ]);
    expect(entry?.read(entry.branches[0]?.id).messages.map(messageText)).toEqual(["Sour?", "No.", "Sure?", "Yes."]);
  });

  it("is the newest one when the current node is a hidden one aside of everything", () => {
    const conversation = conversationOf([user("a"), assistant("b")]);
    const hidden = { role: "system", metadata: { is_visually_hidden_from_conversation: true } };
    conversation.mapping.aside = { message: messageOf("aside", hidden), parent: "root", children: [] };
    expect(said({ ...conversation, current_node: "aside" })).toEqual(["user: a", "assistant: b"]);
  });

  it.each([["gone"], [null], [undefined], [7], ["__proto__"]])(
    "ends at the newest leaf when the current node is %j",
    (current) => {
      const conversation = conversationOf([user("a"), { ...assistant("b"), time: 1_760_000_009 }]);
      conversation.mapping.late = {
        message: messageOf("late", { ...user("old"), time: 1 }),
        parent: "root",
        children: [],
      };
      expect(said({ ...conversation, current_node: current })).toEqual(["user: a", "assistant: b"]);
    },
  );

  it("goes through a hidden current node", () => {
    const hidden = { role: "system", metadata: { is_visually_hidden_from_conversation: true } };
    expect(said(conversationOf([user("a"), assistant("b"), hidden]))).toEqual(["user: a", "assistant: b"]);
  });

  it("falls back to the newest leaf when nothing is shown on the way to the current node", () => {
    expect(said({ ...conversationOf([user("a"), assistant("b")]), current_node: "root" })).toEqual([
      "user: a",
      "assistant: b",
    ]);
  });

  it("finds a parent that only names its child", () => {
    const conversation = conversationOf([user("a"), assistant("b")]);
    delete conversation.mapping.n2?.parent;
    expect(said(conversation)).toEqual(["user: a", "assistant: b"]);
  });

  it("reads on where children or messages are missing", () => {
    const conversation = conversationOf([user("a"), user("b"), user("c")]);
    delete conversation.mapping.n1?.children;
    delete conversation.mapping.n2?.message;
    expect(said(conversation)).toEqual(["user: a", "user: c"]);
  });

  it("ends in a loop of parents", () => {
    const conversation = conversationOf([user("a"), assistant("b")]);
    const first = conversation.mapping.n1;
    if (first) first.parent = "n2";
    expect(said(conversation)).toEqual(["user: a", "assistant: b"]);
  });

  it("follows 100,000 parents", () => {
    const messages = Array.from({ length: 100_000 }, (_, index) => user(String(index)));
    expect(read(conversationOf(messages)).messages).toHaveLength(100_000);
  });
});

describe("an answer", () => {
  it("leaves out hidden and system messages, custom instructions and memory", () => {
    const hidden = { ...user("hidden"), metadata: { is_visually_hidden_from_conversation: true } };
    const context = { role: "user", content: { content_type: "user_editable_context", user_profile: "I bake" } };
    const system = { role: "system", content: text("be brief") };
    expect(said(conversationOf([system, context, hidden, user("a")]))).toEqual(["user: a"]);
  });

  it("is one message, of code, output, images and text in their order", () => {
    const code = { content_type: "code", language: "unknown", text: "print(1)\r\nprint(2)" };
    const output = { content_type: "execution_output", text: "1\n2\n\n<<ImageDisplayed>>" };
    const drawn = { message_type: "image", image_url: "file-service://file-Ab1", width: 640, height: 480 };
    const messages = [
      assistant("I compute it."),
      { role: "assistant", to: "python", content: code },
      { role: "tool", tool: "python", content: output, metadata: { aggregate_result: { messages: [drawn] } } },
      assistant("Done."),
    ];
    expect(parts(...messages)).toEqual([
      { type: "markdown", text: "I compute it." },
      { type: "code", text: "print(1)\nprint(2)", language: "python", tool: "python" },
      { type: "output", text: "1\n2", tool: "python", failed: false },
      { ...picture, width: 640, height: 480, source: "file-Ab1" },
      { type: "markdown", text: "Done." },
    ]);
  });

  it("keeps a place for images that the export does not name, and finds those of older exports", () => {
    const run = (text: string, aggregate_result: unknown) => ({
      role: "tool",
      tool: "python",
      content: { content_type: "execution_output", text },
      metadata: { aggregate_result },
    });
    expect(parts(run("<<ImageDisplayed>>", {}))).toEqual([{ ...picture, source: null }]);
    const old = { content: { data: { "image/vnd.openai.fileservice.png": "file-service://file-Old2" } } };
    expect(parts(run("", { jupyter_messages: [{ msg_type: "status" }, old] }))).toEqual([
      { ...picture, source: "file-Old2" },
    ]);
    expect(parts(run("NameError", { status: "failed_with_in_kernel_exception" }))).toEqual([
      { type: "output", text: "NameError", tool: "python", failed: true },
    ]);
  });

  it("fences code with more backticks than it holds", () => {
    const code = { content_type: "code", language: "markdown", text: "````\n```\n````" };
    expect(answer({ role: "assistant", content: code })).toBe("`````markdown\n````\n```\n````\n`````");
  });

  it("has images by the names that the archive knows, with their attachments' names and sizes", () => {
    const image = {
      content_type: "image_asset_pointer",
      asset_pointer: "file-service://file-1a",
      size_bytes: 1234,
      width: 30,
      height: 20,
    };
    const attachments = [
      { id: "file-9z", name: "recipe.pdf", mime_type: "application/pdf", size: 99 },
      { id: "file-1a", name: "photo.jpg", mimeType: "image/jpeg" },
      { id: "file-2b", name: "crumb.webp", mime_type: "image/webp", width: 3, height: 2 },
    ];
    const content = { content_type: "multimodal_text", parts: [image, "What is this?"] };
    expect(asked(content, { attachments })).toEqual([
      { type: "file", name: "recipe.pdf", mediaType: "application/pdf", size: 99, source: "file-9z" },
      { ...picture, name: "crumb.webp", mediaType: "image/webp", width: 3, height: 2, source: "file-2b" },
      { ...picture, name: "photo.jpg", mediaType: "image/jpeg", width: 30, height: 20, size: 1234, source: "file-1a" },
      { type: "markdown", text: "What is this?" },
    ]);
  });

  it("has generated images with what was asked for, also out of a share page", () => {
    const drawn = {
      content_type: "image_asset_pointer",
      asset_pointer: "sediment://file_00ab?shared_conversation_id=5d2f",
      metadata: { dalle: { prompt: "a loaf" } },
    };
    const tool = {
      role: "tool",
      tool: "t2uay3k.sj1i4kz",
      content: { content_type: "multimodal_text", parts: [drawn] },
    };
    expect(parts(tool)).toEqual([{ ...picture, alt: "a loaf", source: "file_00ab" }]);
  });

  it("has the words of a voice message where there are some, and the recording", () => {
    const voice = {
      content_type: "audio_asset_pointer",
      asset_pointer: "sediment://file_3",
      format: "wav",
      size_bytes: 7,
    };
    const live = { content_type: "real_time_user_audio_video_asset_pointer", audio_asset_pointer: voice };
    const spoken = { content_type: "audio_transcription", text: "Good morning", direction: "in" };
    const recording = { type: "file", name: "voice message.wav", mediaType: "audio/wav", size: 7, source: "file_3" };
    const said = (...all: unknown[]) => asked({ content_type: "multimodal_text", parts: all });
    expect(said(live, spoken)).toEqual([recording, { type: "markdown", text: "Good morning" }]);
    expect(said(voice)).toEqual([recording]);
    expect(said(live)).toEqual([recording]);
  });

  it("names a part of a kind that is not known, and keeps it", () => {
    const odd = { content_type: "hologram_pointer", depth: 3 };
    expect(asked({ content_type: "multimodal_text", parts: [odd, "?"] })).toEqual([
      { type: "other", named: "hologram_pointer", text: JSON.stringify(odd, null, 2) },
      { type: "markdown", text: "?" },
    ]);
  });

  it("has what a reasoning model let see of its thinking as one part, with how long it took", () => {
    const thought = (summary: string, content: string) => ({
      role: "assistant",
      content: { content_type: "thoughts", thoughts: [{ summary, content }] },
    });
    const recap = (content: string, metadata = {}) => ({
      role: "assistant",
      content: { content_type: "reasoning_recap", content },
      metadata,
    });
    const thoughts = [thought("Weighing **flour**", "So much.\nOr more."), thought("Water", "")];
    const text = "**Weighing flour**\n\nSo much.\nOr more.\n\n**Water**";
    expect(parts(...thoughts, recap("Thought for 1m 14s"), assistant("500 g."))).toEqual([
      { type: "reasoning", text, seconds: 74 },
      { type: "markdown", text: "500 g." },
    ]);
    expect(parts(thought("Water", ""), assistant("Hm."), recap("Thought", { finished_duration_sec: 9 }))).toEqual([
      { type: "reasoning", text: "**Water**", seconds: 9 },
      { type: "markdown", text: "Hm." },
    ]);
    expect(parts(recap("Thought for 14 seconds"))).toEqual([
      { type: "reasoning", text: "Thought for 14 seconds", seconds: 14 },
    ]);
    expect(parts(recap("Thought for a while"))).toEqual([
      { type: "reasoning", text: "Thought for a while", seconds: null },
    ]);
  });

  describe("with a canvas", () => {
    const canmore = (name: string, sent: unknown) => ({
      role: "assistant",
      to: `canmore.${name}`,
      content: text(typeof sent === "string" ? sent : JSON.stringify(sent)),
    });
    const create = (document: unknown) => canmore("create_textdoc", document);
    const update = (...updates: unknown[]) => canmore("update_textdoc", { updates });
    const plan = create({ name: "Plan", type: "document", content: "# Day 1\nMix. Wait (long)." });

    it("has its document, or its code", () => {
      expect(parts(plan)).toEqual([
        { type: "document", title: "Plan", text: "# Day 1\nMix. Wait (long).", language: null },
      ]);
      expect(parts(create({ name: "App", type: "code/react", content: "<App/>" }))).toEqual([
        { type: "document", title: "App", text: "<App/>", language: "jsx" },
      ]);
    });

    it("has the document as each change left it", () => {
      const changes = [
        update({ pattern: "Wait \\(long\\)\\.", multiple: false, replacement: "Bake." }),
        update({ pattern: ".*", multiple: false, replacement: "# Day 2" }),
      ];
      expect(parts(plan, ...changes)?.map((part) => ("text" in part ? part.text : part.type))).toEqual([
        "# Day 1\nMix. Wait (long).",
        "# Day 1\nMix. Bake.",
        "# Day 2",
      ]);
    });

    it("has the passage alone where the document or the place of the change is not known", () => {
      const change = update({ pattern: "(a|b)+", multiple: true, replacement: "c" });
      expect(parts(change)).toEqual([{ type: "document", title: "Changed passage", text: "c", language: null }]);
      expect(parts(plan, change)?.[1]).toEqual({
        type: "document",
        title: "Plan (changed passage)",
        text: "c",
        language: null,
      });
    });

    it("has its comments, and what was sent where that is damaged", () => {
      expect(parts(canmore("comment_textdoc", { comments: [{ pattern: "Mix", comment: "With what?" }] }))).toEqual([
        { type: "markdown", text: "- With what?" },
      ]);
      expect(parts(create('{"name":"Pl'))).toEqual([
        { type: "other", named: "canmore.create_textdoc", text: '{"name":"Pl' },
      ]);
    });
  });

  it.each([
    ["web.run", '{"search_query":[{"q":"sourdough"},{"q":"rye"}]}', "sourdough\nrye", "text"],
    ["browser", 'search("no knead bread")', "no knead bread", "text"],
    ["dalle.text2im", '{"prompt":"a loaf"}', "a loaf", "text"],
    ["oven.set", '{"degrees":250}', '{\n  "degrees": 250\n}', "json"],
    ["oven.set", "hot", "hot", null],
  ])("has what it asked of %s: %s", (to, sent, expected, language) => {
    expect(parts({ role: "assistant", to, content: { content_type: "code", text: sent } })).toEqual([
      { type: "code", text: expected, language, tool: to },
    ]);
  });

  it("says that something was remembered, not what, and nothing of pages that were opened", () => {
    const ask = (to: string, sent: string) => ({
      role: "assistant",
      to,
      content: { content_type: "code", text: sent },
    });
    expect(answer(ask("bio", "The user lives in Ulm."), ask("browser", "mclick([1, 2])"))).toBe("*Memory updated*");
  });

  it("leaves out pages that were read for it, and keeps results of other tools", () => {
    const page = { role: "tool", tool: "web", content: text("A whole page") };
    const display = {
      role: "tool",
      tool: "browser",
      content: { content_type: "tether_browsing_display", result: "L1: x" },
    };
    const oven = { role: "tool", tool: "oven.set", content: text("250 degrees") };
    expect(parts(page, display, oven, assistant("Hot."))).toEqual([
      { type: "output", text: "250 degrees", tool: "oven.set", failed: false },
      { type: "markdown", text: "Hot." },
    ]);
  });

  it("names content of a type that is not known, and keeps it", () => {
    expect(parts({ role: "assistant", content: { content_type: "smell", notes: ["rye"] } })).toEqual([
      { type: "other", named: "smell", text: '{\n  "notes": [\n    "rye"\n  ]\n}' },
    ]);
    expect(parts({ role: "assistant", content: { content_type: "smell", text: "Rye." } })).toEqual([
      { type: "other", named: "smell", text: "Rye." },
    ]);
  });
});

describe("marks of citation", () => {
  const mark = "\ue200cite\ue202turn0search1\ue201";

  it("become links to what they cite", () => {
    const reference = {
      matched_text: mark,
      type: "grouped_webpages",
      items: [{ title: "On [rye]", url: "https://bread.example/rye?a=(1)" }],
    };
    expect(parts(assistant(`It rises.${mark} Yes.`, { content_references: [reference] }))).toEqual([
      { type: "markdown", text: "It rises. ([On \\[rye\\]](<https://bread.example/rye?a=(1)>)) Yes." },
      { type: "sources", sources: [{ title: "On [rye]", url: "https://bread.example/rye?a=(1)" }] },
    ]);
  });

  it("stand with the name of the site in the text and with all their pages at the end, each once", () => {
    const page = (title: string, more = {}) => ({
      title,
      url: `https://${title}.example/`,
      attribution: "Bread",
      ...more,
    });
    const metadata = {
      content_references: [
        { matched_text: mark, items: [page("rye", { supporting_websites: [page("wheat")] })] },
        { matched_text: " ", type: "sources_footnote", sources: [page("rye"), page("spelt")] },
        { matched_text: "\ue200hidden\ue201", type: "hidden", items: [page("secret")] },
      ],
    };
    expect(parts(assistant(`It rises.${mark}`, metadata), assistant("Yes."))).toEqual([
      { type: "markdown", text: "It rises. ([Bread](<https://rye.example/>), [Bread](<https://wheat.example/>))" },
      { type: "markdown", text: "Yes." },
      {
        type: "sources",
        sources: ["rye", "wheat", "spelt"].map((title) => ({ title, url: `https://${title}.example/` })),
      },
    ]);
  });

  it("stand as ChatGPT writes them in text where they are no sources", () => {
    const listed = { matched_text: mark, type: "nav_list", alt: "- Rye\n- Wheat" };
    expect(answer(assistant(mark, { content_references: [listed] }))).toBe("- Rye\n- Wheat");
    const cited = { matched_text: mark, type: "file", name: "rye.pdf" };
    expect(answer(assistant(`It rises.${mark}`, { content_references: [cited] }))).toBe("It rises. (rye.pdf)");
  });

  it("never link to anything but the web", () => {
    const reference = { matched_text: mark, items: [{ title: "click", url: "javascript:alert(1)" }] };
    expect(answer(assistant(`It rises.${mark}`, { content_references: [reference] }))).toBe("It rises.");
  });

  it.each([
    [`It rises.${mark}`, "It rises."],
    ['In \ue200entity\ue202["city","Ulm","in Germany"]\ue201 today', "In Ulm today"],
    ["\ue203It rises.\ue204 \ue200cite\ue202turn0search1", "It rises."],
    ["It rises【6†source】.", "It rises."],
    ["It rises【12:0†rye.pdf】.", "It rises (rye.pdf)."],
  ])("go where the export does not tell the source: %j", (marked, expected) => {
    expect(answer(assistant(marked))).toBe(expected);
  });

  it("of the older kind become links by their number", () => {
    const citations = [{ metadata: { title: "Rye", url: "https://bread.example/", extra: { cited_message_idx: 6 } } }];
    expect(parts(assistant("It rises【6†source】.", { citations }))).toEqual([
      { type: "markdown", text: "It rises ([Rye](<https://bread.example/>))." },
      { type: "sources", sources: [{ title: "Rye", url: "https://bread.example/" }] },
    ]);
  });
});
