import * as v from "valibot";
import { mentionSpotSchema } from "../assistant/mention-spot.ts";
import { shareFormSchema } from "../screens/share-form.ts";
import { originSchema } from "../screens/share-modal.ts";

/**
 * Work that somebody waits for, with what is needed to tell them when the node that does it dies. No keys and no passwords:
 * what needs one is offered again instead of done again.
 */
export const jobSchema = v.variant("kind", [
  v.object({
    kind: v.literal("share"),
    team: v.string(),
    user: v.string(),
    origin: originSchema,
    form: shareFormSchema,
    passwordWanted: v.boolean(),
  }),
  v.object({
    kind: v.literal("answer"),
    team: v.string(),
    user: v.string(),
    channel: v.string(),
    thread: v.string(),
    /** The message that the answer grows in; null before it began. */
    ts: v.nullable(v.string()),
    /** The message with the button that stops it, where it is one of its own. */
    button: v.optional(v.nullable(v.string()), null),
    /** What was asked, to be asked again. */
    spot: v.optional(v.nullable(mentionSpotSchema), null),
  }),
]);
export type Job = v.InferOutput<typeof jobSchema>;
export type AnswerJob = Extract<Job, { kind: "answer" }>;

/** Jobs, for all nodes: who works on one holds it for a while, and again. */
export interface JobStore {
  /** Returns the job's id. */
  begin(job: Job, milliseconds: number): Promise<string>;
  /** What is known of it now. */
  change(id: string, job: Job): Promise<void>;
  /** Holds it for longer. */
  hold(id: string, milliseconds: number): Promise<void>;
  end(id: string): Promise<void>;
  /** One that nobody holds any more, now the caller's for so long; null when there is none. */
  takeOver(milliseconds: number): Promise<{ id: string; job: Job } | null>;
}

/** How long a job is held; a node that dies lets go of it after so long. */
const HOLD_MS = 60_000;
const HOLD_AGAIN_MS = 20_000;

/** Does work under a job, which is gone when the work is over, well or not. */
export async function underJob<T>(
  jobs: JobStore,
  job: Job,
  work: (change: (job: Job) => Promise<void>) => Promise<T>,
): Promise<T> {
  const id = await jobs.begin(job, HOLD_MS);
  const timer = setInterval(() => void jobs.hold(id, HOLD_MS).catch(() => undefined), HOLD_AGAIN_MS);
  timer.unref();
  try {
    return await work((now) => jobs.change(id, now));
  } finally {
    clearInterval(timer);
    await jobs.end(id).catch(() => undefined);
  }
}
