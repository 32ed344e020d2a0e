import { BotError } from "../errors.ts";
import type { Card } from "./slack.ts";

const ANSWER_MS = 10_000;

/**
 * Answers at the address that Slack gives every command and click of its own: only whoever asked sees it. It is no method
 * of the Web API and takes no token.
 *
 * @throws BotError `view_gone`
 */
export async function answerAt(url: string, card: Card): Promise<void> {
  const body = JSON.stringify({ response_type: "ephemeral", replace_original: false, unfurl_links: false, ...card });
  const headers = { "content-type": "application/json" };
  const signal = AbortSignal.timeout(ANSWER_MS);
  const response = await fetch(url, { method: "POST", headers, body, signal, redirect: "error" }).catch(() => null);
  if (!response?.ok) throw new BotError("view_gone", "Slack no longer takes answers to that command.");
}
