import * as v from "valibot";

/** Where somebody asks. */
export const mentionSpotSchema = v.object({
  channel: v.string(),
  ts: v.string(),
  /** Null for a message that is in no thread. */
  thread: v.nullable(v.string()),
  /** Whether it is a direct message to the bot, where everything is one conversation. */
  direct: v.boolean(),
});

export type MentionSpot = v.InferOutput<typeof mentionSpotSchema>;
