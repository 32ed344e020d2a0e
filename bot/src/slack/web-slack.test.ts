import type { webApi } from "@slack/bolt";
import { expect, test } from "vitest";
import { REQUEST_TIMEOUT_MS, webSlack } from "./web-slack.ts";

test("asks once what is to be asked once, and not when its answer could come too late", async () => {
  const asked: string[] = [];
  const speaker = (name: string) => {
    const postMessage = async () => {
      asked.push(name);
      return { ok: true, ts: "1.1" };
    };
    return { chat: { postMessage } } as unknown as webApi.WebClient; // All that is asked of it.
  };
  const slack = webSlack({ client: speaker("often"), once: speaker("once"), token: "", apiUrl: null });
  const post = (once?: { before: number }) =>
    slack.post({ channel: "C1", card: { text: "x", blocks: [] }, ...(once ? { once } : {}) });
  await expect(post({ before: Date.now() + REQUEST_TIMEOUT_MS - 1 })).rejects.toMatchObject({
    code: "slack_busy",
    retryable: true,
  });
  expect(asked).toEqual([]);
  await post({ before: Date.now() + REQUEST_TIMEOUT_MS + 60_000 });
  await post();
  expect(asked).toEqual(["once", "often"]);
});
