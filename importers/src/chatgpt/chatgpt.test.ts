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

  it("follows 200,000 parents", () => {
    const messages = Array.from({ length: 200_000 }, (_, index) => user(String(index)));
    expect(read(conversationOf(messages)).messages).toHaveLength(200_000);
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
    const messages = [
      assistant("I compute it."),
      { role: "assistant", to: "python", content: code },
      { role: "tool", tool: "python", content: output },
      assistant("Done."),
    ];
    expect(answer(...messages)).toBe(
      "I compute it.\n\n```python\nprint(1)\nprint(2)\n```\n\n```text\n1\n2\n```\n\n[image]\n\nDone.",
    );
  });

  it("fences code with more backticks than it holds", () => {
    const code = { content_type: "code", language: "markdown", text: "````\n```\n````" };
    expect(answer({ role: "assistant", content: code })).toBe("`````markdown\n````\n```\n````\n`````");
  });

  it("names images, voice, video and files", () => {
    const image = { content_type: "image_asset_pointer", asset_pointer: "file-service://file-1", width: 1, height: 1 };
    const drawn = { ...image, asset_pointer: "sediment://file_2", metadata: { dalle: { prompt: "a [loaf]" } } };
    const voice = { content_type: "audio_asset_pointer", asset_pointer: "sediment://file_3" };
    const spoken = { content_type: "audio_transcription", text: "Good morning", direction: "in" };
    const video = { content_type: "video_container_asset_pointer" };
    const odd = { content_type: "hologram_pointer" };
    const parts = (...all: unknown[]) => ({ role: "user", content: { content_type: "multimodal_text", parts: all } });
    const attachments = [
      { name: "recipe.pdf", mime_type: "application/pdf" },
      { name: "photo.jpg", mimeType: "image/jpeg" },
    ];
    expect(
      said(
        conversationOf([
          { ...parts(image, "What is this?"), metadata: { attachments } },
          parts(drawn),
          parts(voice, spoken),
          parts(voice, video, odd),
        ]),
      ),
    ).toEqual([
      "user: [file: recipe.pdf]\n\n[image]\n\nWhat is this?",
      "user: [image: a \\[loaf\\]]",
      "user: Good morning",
      "user: [voice message]\n\n[video]\n\n[hologram_pointer]",
    ]);
  });

  it("quotes what a reasoning model let see of its thinking", () => {
    const thoughts = {
      content_type: "thoughts",
      thoughts: [{ summary: "Weighing **flour**", content: "So much.\nOr more." }],
    };
    const recap = { content_type: "reasoning_recap", content: "Thought for 14s" };
    expect(
      answer({ role: "assistant", content: thoughts }, { role: "assistant", content: recap }, assistant("500 g.")),
    ).toBe("> **Weighing flour**\n>\n> So much.\n> Or more.\n\n> **Thought for 14s**\n\n500 g.");
  });

  it("shows a canvas as its document, or as its code", () => {
    const create = (document: unknown) => ({
      role: "assistant",
      to: "canmore.create_textdoc",
      content: { content_type: "code", language: "json", text: JSON.stringify(document) },
    });
    expect(answer(create({ name: "Plan", type: "document", content: "# Day 1\nMix." }))).toBe(
      "[canvas: Plan]\n\n# Day 1\nMix.",
    );
    expect(answer(create({ name: "App", type: "code/react", content: "<App/>" }))).toBe(
      "[canvas: App]\n\n```jsx\n<App/>\n```",
    );
    const change = { updates: [{ pattern: ".*", multiple: false, replacement: "# Day 2" }] };
    const changed = { role: "assistant", to: "canmore.update_textdoc", content: text(JSON.stringify(change)) };
    expect(answer(changed)).toBe("[canvas changed]\n\n```text\n# Day 2\n```");
  });

  it.each([
    ["web.run", '{"search_query":[{"q":"sourdough"},{"q":"rye"}]}', "[searched the web: sourdough; rye]"],
    ["browser", 'search("no knead bread")', "[searched the web: no knead bread]"],
    ["dalle.text2im", '{"prompt":"a loaf"}', "[image asked for: a loaf]"],
    ["bio", "The user lives in Ulm.", "[memory updated]"],
    ["oven.set", '{"degrees":250}', '[used: oven.set]\n\n```json\n{\n  "degrees": 250\n}\n```'],
  ])("says what it asked of %s", (to, sent, expected) => {
    expect(answer({ role: "assistant", to, content: { content_type: "code", text: sent } })).toBe(expected);
  });

  it("leaves out pages that were read for it, and keeps results of other tools", () => {
    const page = { role: "tool", tool: "web", content: text("A whole page") };
    const display = {
      role: "tool",
      tool: "browser",
      content: { content_type: "tether_browsing_display", result: "L1: x" },
    };
    const oven = { role: "tool", tool: "oven.set", content: text("250 degrees") };
    expect(answer(page, display, oven, assistant("Hot."))).toBe("```text\n250 degrees\n```\n\nHot.");
  });

  it("names content of a type that is not known, and keeps it", () => {
    expect(answer({ role: "assistant", content: { content_type: "smell", notes: ["rye"] } })).toBe(
      '[smell]\n\n```json\n{\n  "notes": [\n    "rye"\n  ]\n}\n```',
    );
    expect(answer({ role: "assistant", content: { content_type: "smell", text: "Rye." } })).toBe("[smell]\n\nRye.");
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
    expect(answer(assistant(`It rises.${mark} Yes.`, { content_references: [reference] }))).toBe(
      "It rises. ([On \\[rye\\]](<https://bread.example/rye?a=(1)>)) Yes.",
    );
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
    expect(answer(assistant("It rises【6†source】.", { citations }))).toBe(
      "It rises ([Rye](<https://bread.example/>)).",
    );
  });
});
