import type { webApi } from "@slack/bolt";
import { BotError } from "../errors.ts";
import type { Slack } from "./slack.ts";
import { isRefusal } from "./slack-error.ts";
import type { SlackFile } from "./slack-message.ts";

/** Calls a method of Slack's: at its pace, and with its refusals translated. */
export type Caller = <T>(method: string, work: () => Promise<T>, how?: { patience?: number }) => Promise<T>;

/** Nobody waits longer for one file. */
const DOWNLOAD_MS = 60_000;
const UPLOAD_MS = 60_000;
/** What is asked once must not be asked late: whoever waits for it may have been given up for dead by then. */
export const ONCE_PATIENCE_MS = 5_000;

/** Files: fetched with the bot's token, and only from Slack, for a message may name any address. */
export function slackFiles(options: {
  client: webApi.WebClient;
  /** Tries once. */
  once: webApi.WebClient;
  token: string;
  /** Null for Slack's own. */
  apiUrl: string | null;
  call: Caller;
}): Pick<Slack, "download" | "putFile" | "shareFile" | "hasFile"> {
  const { client, once, token, apiUrl, call } = options;
  return {
    async download({ file, limit, signal }) {
      const address = addressOf(file, apiUrl);
      if ((file.size ?? 0) > limit) throw tooLarge(limit);
      const timeout = AbortSignal.timeout(DOWNLOAD_MS);
      const response = await fetch(address, {
        headers: { authorization: `Bearer ${token}` },
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
        redirect: "error",
      }).catch(() => null);
      if (response === null || response.status === 429 || response.status >= 500) throw notNow();
      if (!response.ok || !response.body || isSignIn(response, file)) throw notFetched();
      return readAtMost(response.body, { limit, type: file.mimetype ?? "" });
    },

    async putFile({ name, bytes }) {
      const ask = () => client.files.getUploadURLExternal({ filename: name, length: bytes.length });
      const { upload_url: address, file_id: id } = await call("files.getUploadURLExternal", ask);
      if (!address || !id || !isSlacks(address, apiUrl)) throw notFetched();
      const body = new Blob([new Uint8Array(bytes)]);
      const signal = AbortSignal.timeout(UPLOAD_MS);
      const sent = await fetch(address, { method: "POST", body, redirect: "error", signal }).catch(() => null);
      if (!sent?.ok) throw new BotError("slack_failed", "Slack did not take a file.", { retryable: true });
      return id;
    },

    async shareFile({ id, name, channel, thread, comment }) {
      const files: [{ id: string; title: string }] = [{ id, title: name }];
      const share = () =>
        once.files
          .completeUploadExternal({ files, channel_id: channel, thread_ts: thread, initial_comment: comment })
          .then(() => true)
          .catch((error: unknown) => {
            if (isRefusal(error, ["file_not_found"])) return false;
            throw error;
          });
      return call("files.completeUploadExternal", share, { patience: ONCE_PATIENCE_MS });
    },

    async hasFile(id) {
      const ask = () =>
        client.files
          .info({ file: id })
          .then(() => true)
          .catch((error: unknown) => {
            if (isRefusal(error, ["file_not_found", "file_deleted"])) return false;
            throw error;
          });
      return call("files.info", ask);
    },
  };
}

function addressOf(file: SlackFile, apiUrl: string | null): string {
  const address = file.url_private_download ?? file.url_private;
  if (address && isSlacks(address, apiUrl)) return address;
  throw notFetched();
}

/** Without the permission Slack shows its sign-in page instead of the file. */
function isSignIn(response: Response, { mimetype }: SlackFile): boolean {
  return mimetype !== "text/html" && (response.headers.get("content-type") ?? "").startsWith("text/html");
}

/** The token goes to Slack and to nobody else. */
function isSlacks(address: string, apiUrl: string | null): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  if (apiUrl !== null) return url.hostname === new URL(apiUrl).hostname;
  return url.protocol === "https:" && (url.hostname === "slack.com" || url.hostname.endsWith(".slack.com"));
}

async function readAtMost(
  body: ReadableStream<Uint8Array>,
  { limit, type }: { limit: number; type: string },
): Promise<Blob> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > limit) throw tooLarge(limit);
    chunks.push(new Uint8Array(chunk));
  }
  return new Blob(chunks, { type });
}

function tooLarge(limit: number): BotError {
  return new BotError("too_large", `A file is larger than ${Math.floor(limit / 1024 / 1024)} MB.`);
}

function notNow(): BotError {
  return new BotError("slack_failed", "Slack does not hand over files at the moment.", { retryable: true });
}

function notFetched(): BotError {
  return new BotError("slack_failed", "Slack did not hand over a file.");
}
