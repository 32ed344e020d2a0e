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
} as unknown as Parameters<typeof toConversation>[0]; // The two questions that a conversation asks.

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
    { parts: textParts("**Deployed** by @Grace\n\njust now") },
  ]);
  const attachments = [{ title: "Alert", text: "CPU" }, { fallback: "Plain" }];
  expect(await convert({ user: "U1", attachments })).toMatchObject([{ parts: textParts("Alert  \nCPU\n\nPlain") }]);
  const files = [{ name: "a[1].pdf" }, { name: null }];
  expect(await convert({ user: "U1", text: "see", files })).toMatchObject([
    { parts: textParts("see\n\n📎 a\\[1\\].pdf\n\n📎 a file") },
  ]);
});

test("leaves out what has no text at all", async () => {
  expect(await convert({ user: "U1", text: "" }, { user: "U1", text: "  " })).toEqual([]);
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
