import * as v from "valibot";

/** The part of a message of `conversations.history` that a shared conversation is made of. */
const slackMessageSchema = v.object({
  /** Seconds since 1970 with six decimals; names the message in its channel. */
  ts: v.pipe(v.string(), v.regex(/^\d{1,12}\.\d{1,6}$/u)),
  subtype: v.optional(v.string()),
  user: v.optional(v.string()),
  bot_id: v.optional(v.string()),
  username: v.optional(v.string()),
  bot_profile: v.optional(v.object({ name: v.optional(v.string()) })),
  text: v.optional(v.string(), ""),
  blocks: v.optional(v.array(v.unknown()), []),
  attachments: v.optional(
    v.array(
      v.object({
        pretext: v.optional(v.string()),
        title: v.optional(v.string()),
        text: v.optional(v.string()),
        fallback: v.optional(v.string()),
      }),
    ),
    [],
  ),
  files: v.optional(v.array(v.object({ name: v.optional(v.nullable(v.string())) })), []),
});

export type SlackMessage = v.InferOutput<typeof slackMessageSchema>;

/** Null for what is not a message in any shape we know; one odd message must not spoil a channel. */
export function parseSlackMessage(value: unknown): SlackMessage | null {
  const result = v.safeParse(slackMessageSchema, value);
  return result.success ? result.output : null;
}
