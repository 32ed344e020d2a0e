import * as v from "valibot";

const text = v.nullish(v.string());

/** A file as messages carry it; what is not for us to fetch has no address. */
const fileSchema = v.object({
  id: v.optional(v.string()),
  name: text,
  title: text,
  mimetype: text,
  size: v.nullish(v.number()),
  mode: text,
  url_private_download: text,
  url_private: text,
});

const reactionSchema = v.object({ name: v.string(), users: v.optional(v.array(v.string()), []) });

const attachmentSchema = v.object({
  pretext: text,
  author_name: text,
  title: text,
  title_link: text,
  text,
  fallback: text,
  footer: text,
  from_url: text,
  image_url: text,
  fields: v.nullish(v.array(v.object({ title: text, value: text }))),
  blocks: v.nullish(v.array(v.unknown())),
  message_blocks: v.nullish(v.array(v.object({ message: v.object({ blocks: v.nullish(v.array(v.unknown())) }) }))),
});

/** The part of a message of `conversations.history` that a shared conversation is made of. */
const slackMessageSchema = v.object({
  /** Seconds since 1970 with six decimals; names the message in its channel. */
  ts: v.pipe(v.string(), v.regex(/^\d{1,12}\.\d{1,6}$/u)),
  /** Of the thread's first message; that one has its own. */
  thread_ts: text,
  subtype: v.optional(v.string()),
  user: v.optional(v.string()),
  bot_id: text,
  app_id: text,
  username: text,
  bot_profile: v.nullish(v.object({ name: text })),
  text: v.nullish(v.string(), ""),
  blocks: v.nullish(v.array(v.unknown()), []),
  attachments: v.nullish(v.array(attachmentSchema), []),
  files: v.nullish(v.array(fileSchema), []),
  edited: v.nullish(v.object({ ts: v.string() })),
  reactions: v.nullish(v.array(reactionSchema), []),
  reply_count: v.nullish(v.number()),
  metadata: v.nullish(v.object({ event_type: v.string(), event_payload: v.record(v.string(), v.unknown()) })),
});

export type SlackMessage = v.InferOutput<typeof slackMessageSchema>;
export type SlackFile = v.InferOutput<typeof fileSchema>;
export type SlackAttachment = v.InferOutput<typeof attachmentSchema>;

/** Null for what is not a message in any shape we know; one odd message must not spoil a channel. */
export function parseSlackMessage(value: unknown): SlackMessage | null {
  const result = v.safeParse(slackMessageSchema, value);
  return result.success ? result.output : null;
}

/** Orders Slack's time stamps; as numbers they would lose their last decimals. */
export function compareTs(a: string, b: string): number {
  const [left, right] = [comparable(a), comparable(b)];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function comparable(ts: string): string {
  const [seconds = "", decimals = ""] = ts.split(".");
  return `${seconds.padStart(12, "0")}.${decimals.padEnd(6, "0")}`;
}

/** Milliseconds since 1970. */
export function timeOfTs(ts: string): number {
  return Math.floor(Number(ts) * 1000);
}
