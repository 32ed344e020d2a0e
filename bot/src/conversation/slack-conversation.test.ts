import { textParts } from "@openmates-share/client";
import { expect, test } from "vitest";
import { parseSlackMessage, type SlackMessage } from "../slack/slack-message.ts";
import { isWritten, toConversation } from "./slack-conversation.ts";

const self = { botId: "B0", botUser: "U0" };
const asked: string[] = [];
const slack = {
  personName: async (user: string) => {
    asked.push(user);
    return { U1: "Ada", U2: "Grace" }[user] ?? null;
  },
  channelName: async () => "general",
  groupName: async () => "editors",
};

function message(fields: Record<string, unknown>): SlackMessage {
  const parsed = parseSlackMessage({ ts: "1700000000.000100", ...fields });
  if (!parsed) throw new Error("This is not a message.");
  return parsed;
}

async function convert(...messages: Record<string, unknown>[]) {
  return (await toConversation(slack, { title: "T", messages: messages.map(message) })).messages;
}

test("puts the oldest first, with times in milliseconds and names", async () => {
  const messages = await convert(
    { ts: "1700000002.000100", user: "U2", text: "two" },
    { ts: "1700000001.999999", user: "U1", text: "one" },
  );
  expect(messages).toEqual([
    { role: "user", name: "Ada", parts: textParts("one"), time: 1_700_000_001_999, model: null },
    { role: "user", name: "Grace", parts: textParts("two"), time: 1_700_000_002_000, model: null },
  ]);
});

test.each([
  [{ bot_id: "B9", username: "Build bot" }, "Build bot", "assistant"],
  [{ bot_id: "B9", bot_profile: { name: "GitHub" } }, "GitHub", "assistant"],
  [{ bot_id: "B9" }, "App", "assistant"],
  [{ user: "U9" }, "Someone", "user"],
  [{}, "Someone", "user"],
  [{ bot_id: "B9", username: "x".repeat(100) }, "x".repeat(60), "assistant"],
])("names the author of %j", async (fields, name, role) => {
  expect(await convert({ ...fields, text: "hi" })).toMatchObject([{ name, role }]);
});

test("takes the text of apps that write blocks or attachments alone, and names files", async () => {
  const blocks = [
    { type: "section", text: { type: "mrkdwn", text: "*Deployed* by <@U2>" } },
    { type: "image", image_url: "https://a.example/i.png" },
    { type: "context", elements: [{ type: "mrkdwn", text: "just now" }] },
  ];
  expect(await convert({ user: "U1", text: "", blocks })).toMatchObject([
    { parts: textParts("**Deployed** by @Grace\n\n🖼 a picture\n\njust now") },
  ]);
  const attachments = [{ title: "Alert", text: "CPU" }, { fallback: "Plain" }];
  expect(await convert({ user: "U1", attachments })).toMatchObject([
    { parts: textParts("> **Alert**\n> \n> CPU\n\n> Plain") },
  ]);
  const files = [{ name: "a[1].pdf" }, { name: null }];
  expect(await convert({ user: "U1", text: "see", files })).toMatchObject([
    { parts: textParts("see\n\n📎 a\\[1\\].pdf\n\n📎 a file") },
  ]);
});

test("leaves out what has no text at all", async () => {
  expect(await convert({ user: "U1", text: "" }, { user: "U1", text: "  " })).toEqual([]);
});

test("prefers what people's editor made, and an app's blocks to its notification", async () => {
  const blocks = [
    { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "a*b" }] }] },
  ];
  expect(await convert({ user: "U1", text: "a*b", blocks })).toMatchObject([{ parts: textParts("a\\*b") }]);
  const section = [{ type: "section", text: { type: "mrkdwn", text: "All of it" } }];
  expect(await convert({ bot_id: "B9", text: "Short", blocks: section })).toMatchObject([
    { parts: textParts("All of it") },
  ]);
});

test("takes files along where their bytes can be had, and names the others", async () => {
  const files = [
    { id: "F1", name: "a.png", mimetype: "image/png", size: 3, url_private: "https://files.slack.com/a" },
    { id: "F2", name: "b.pdf", mimetype: "application/pdf", size: 4, url_private: "https://files.slack.com/b" },
    { id: "F3", name: "gone.txt", mode: "tombstone" },
  ];
  const messages = [message({ user: "U1", text: "see", files })];
  const file = async ({ name }: { name?: string | null | undefined }) => new Blob([name ?? ""]);
  const conversation = await toConversation(slack, { title: "T", messages, file });
  expect(conversation.messages[0]?.parts).toEqual([
    ...textParts("see\n\n📎 gone.txt"),
    { type: "image", source: "F1", name: "a.png", mediaType: "image/png", size: 3, alt: "", width: null, height: null },
    { type: "file", source: "F2", name: "b.pdf", mediaType: "application/pdf", size: 4 },
  ]);
  expect(await (await conversation.attachment?.("F2"))?.text()).toBe("b.pdf");
  expect(await conversation.attachment?.("F9")).toBeNull();
});

test("hands no other chat's key to whoever gets this one", async () => {
  const url = `https://share.example.org/share/chat/AAAAAAAAAAAAAAAAAAAAAA#key=${"k".repeat(43)}`;
  const blocks = [{ type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "link", url }] }] }];
  const attachments = [{ title: "A chat", title_link: url, from_url: url }];
  const said = JSON.stringify(await convert({ user: "U1", text: `<${url}>` }, { user: "U1", blocks, attachments }));
  expect(said).not.toContain("kkkk");
  expect(said).toContain("share/chat/AAAA");
});

test("asks for every name once", async () => {
  asked.length = 0;
  await convert({ user: "U1", text: "<@U2> <@U2>" }, { user: "U1", text: "<@U1>" });
  expect(asked.toSorted()).toEqual(["U1", "U2"]);
});

test.each([
  [{ user: "U1" }, true],
  [{ bot_id: "B9", subtype: "bot_message" }, true],
  [{ user: "U1", subtype: "me_message" }, true],
  [{ user: "U1", subtype: "file_share" }, true],
  [{ user: "U1", subtype: "thread_broadcast" }, true],
  [{ user: "U1", subtype: "channel_join" }, false],
  [{ user: "U1", subtype: "channel_topic" }, false],
  [{ subtype: "tombstone" }, false],
  [{ user: "U0" }, false],
  [{ user: "U1", bot_id: "B0" }, false],
])("whether %j belongs into a conversation: %s", (fields, expected) => {
  expect(isWritten(message({ text: "x", ...fields }), self)).toBe(expected);
});

test.each([null, "text", {}, { ts: "yesterday" }, { ts: 17 }, { ts: "1.1", text: 5 }])("%j is no message", (value) => {
  expect(parseSlackMessage(value)).toBeNull();
});
