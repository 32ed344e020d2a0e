import { afterAll, beforeAll, expect, test } from "vitest";
import { type PreviewServer, startPreviewServer } from "./preview-server.ts";
import { type RunningBot, startWithSlack } from "./running-bot.ts";

const CHAT = "AAAAAAAAAAAAAAAAAAAAAA";
const KEY = `${"kEy-".repeat(10).slice(0, 42)}A`;
let server: PreviewServer;
let running: RunningBot;

beforeAll(async () => {
  server = await startPreviewServer({ [CHAT]: "Tea *and* <!channel> biscuits" });
  running = await startWithSlack({ serverUrl: server.url });
});
afterAll(async () => {
  await running?.stop();
  await server?.stop();
});

function unfurlCalls() {
  return running.slack.calls.filter(({ method }) => method === "chat.unfurl");
}

test("a posted link gets a card with its public preview, under the very URL that was posted", async () => {
  const link = `${server.url}/share/chat/${CHAT}#key=${KEY}`;
  const { delivery } = await running.slack.say({ person: "ada", channel: "general", text: `see <${link}>` });
  expect(delivery?.status).toBe(200);
  await running.slack.until("an unfurl", () => unfurlCalls()[0]);
  const shown = (await running.slack.channelShown("general")).at(-1);
  expect([...(shown?.unfurls.keys() ?? [])]).toEqual([link]);
  const text = JSON.stringify([...(shown?.unfurls.values() ?? [])]);
  expect(text).toContain("Tea *and* &lt;!channel&gt; biscuits");
  expect(text).not.toContain("/og/default.png");
});
