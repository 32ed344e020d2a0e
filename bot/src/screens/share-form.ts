import { CATEGORIES, type Category, LIMITS, type LinkMode } from "@openmates-share/client";
import * as v from "valibot";
import {
  AUDIENCE,
  CATEGORY,
  COUNT,
  EXPIRY,
  MODE,
  PEOPLE,
  PREVIEW,
  SINCE,
  SUMMARY,
  TAKE,
  TITLE,
  WHICH,
} from "./field-names.ts";

/** Messages that one form shares. */
export const COUNT_LIMITS = { min: 1, max: 1000, start: 20 } as const;
/** Which ones: the last so many, those since a time, or all of a thread. */
export const WHICHES = ["last", "since", "all"] as const;
/** Who gets the link: see `AUDIENCE_OPTIONS`. */
export const AUDIENCES = ["channel", "apart", "people", "me"] as const;
/** People who get a link as a direct message; more are a channel. */
export const PEOPLE_LIMIT = 20;

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;
/** How long a link lives, milliseconds; null for as long as nobody ends it. */
export const EXPIRIES = { none: null, hour: HOUR, day: DAY, week: 7 * DAY, month: 30 * DAY, year: 365 * DAY } as const;
export type Expiry = keyof typeof EXPIRIES;
const EXPIRY_NAMES = Object.keys(EXPIRIES) as Expiry[]; // Object.keys forgets the literals.

/** What the form says. The password is not part of it: the firewall keeps it aside. */
export const shareFormSchema = v.object({
  which: v.picklist(WHICHES),
  count: v.number(),
  /** Milliseconds since 1970. */
  since: v.nullable(v.number()),
  files: v.boolean(),
  /** Replies in threads, behind what they reply to. */
  replies: v.boolean(),
  title: v.string(),
  mode: v.picklist(["read-only", "collaborative"] satisfies LinkMode[]),
  expiry: v.picklist(EXPIRY_NAMES),
  /** Whether title, summary and category become public. */
  preview: v.boolean(),
  summary: v.string(),
  category: v.picklist(CATEGORIES),
  audience: v.picklist(AUDIENCES),
  /** Slack's ids. */
  people: v.array(v.string()),
});
export type ShareForm = v.InferOutput<typeof shareFormSchema>;

const typed = v.optional(v.object({ value: v.nullish(v.string(), "") }));
const picked = v.optional(v.object({ selected_option: v.nullish(v.object({ value: v.string() })) }));
const ticked = v.optional(v.object({ selected_options: v.nullish(v.array(v.object({ value: v.string() })), []) }));
const field = <const Name extends string, Schema extends v.GenericSchema>(name: Name, schema: Schema) =>
  v.optional(v.object({ [name]: schema } as Record<Name, Schema>)); // TypeScript widens computed names.

const valuesSchema = v.object({
  [WHICH]: field(WHICH, picked),
  [COUNT]: field(COUNT, typed),
  [SINCE]: field(SINCE, v.optional(v.object({ selected_date_time: v.nullish(v.number()) }))),
  [TAKE]: field(TAKE, ticked),
  [TITLE]: field(TITLE, typed),
  [MODE]: field(MODE, picked),
  [EXPIRY]: field(EXPIRY, picked),
  [PREVIEW]: field(PREVIEW, ticked),
  [SUMMARY]: field(SUMMARY, typed),
  [CATEGORY]: field(CATEGORY, picked),
  [AUDIENCE]: field(AUDIENCE, picked),
  [PEOPLE]: field(PEOPLE, v.optional(v.object({ selected_users: v.nullish(v.array(v.string()), []) }))),
});
type Values = v.InferOutput<typeof valuesSchema>;

/** Either what the form says or, per field, what is wrong with it. */
export type ReadForm =
  | { readonly form: ShareForm; readonly problems: null }
  | { readonly form: null; readonly problems: Readonly<Record<string, string>> };

/** Reads `view.state.values`. */
export function readForm(values: unknown): ReadForm {
  const form = readDraft(values);
  if (!form) return { form: null, problems: { [TITLE]: "Slack sent an incomplete form. Please try again." } };
  const problems = Object.entries(problemsOf(form)).map(([name, problem]) => [placeOf(name, values), problem] as const);
  return problems.length > 0 ? { form: null, problems: Object.fromEntries(problems) } : { form, problems: null };
}

/** A field that is not in the form, because the form was sent before it came: what was chosen there makes it needed. */
function placeOf(field: string, values: unknown): string {
  const shown = typeof values === "object" && values !== null && field in values;
  return shown ? field : (CHOICES[field] ?? field);
}

/** By the field that is needed, where that is chosen. */
const CHOICES: Readonly<Record<string, string>> = {
  [COUNT]: WHICH,
  [SINCE]: WHICH,
  [PEOPLE]: AUDIENCE,
  [SUMMARY]: PREVIEW,
};

/** As far as it is filled in, whether it makes sense or not; null when it is not ours. */
export function readDraft(values: unknown): ShareForm | null {
  const parsed = v.safeParse(valuesSchema, values);
  if (!parsed.success) return null;
  const { output } = parsed;
  const take = new Set(output[TAKE]?.[TAKE]?.selected_options?.map(({ value }) => value));
  const since = output[SINCE]?.[SINCE]?.selected_date_time ?? null;
  const draft = v.safeParse(shareFormSchema, {
    which: chosen(output, WHICH) ?? "last",
    // Not asked for where it makes no difference.
    count: output[COUNT] ? Number(output[COUNT][COUNT]?.value || 0) : COUNT_LIMITS.start,
    since: since === null ? null : since * 1000,
    files: take.has("files"),
    replies: take.has("replies"),
    title: (output[TITLE]?.[TITLE]?.value ?? "").trim(),
    mode: chosen(output, MODE),
    expiry: chosen(output, EXPIRY) ?? "none",
    preview: (output[PREVIEW]?.[PREVIEW]?.selected_options?.length ?? 0) > 0,
    summary: (output[SUMMARY]?.[SUMMARY]?.value ?? "").trim(),
    category: chosen(output, CATEGORY) ?? "general_knowledge",
    audience: chosen(output, AUDIENCE),
    people: output[PEOPLE]?.[PEOPLE]?.selected_users ?? [],
  });
  return draft.success ? draft.output : null;
}

function chosen(
  values: Values,
  name: typeof WHICH | typeof MODE | typeof EXPIRY | typeof CATEGORY | typeof AUDIENCE,
): string | undefined {
  const named = values[name] as Record<string, v.InferOutput<typeof picked>> | undefined; // Each has its own name in it.
  return named?.[name]?.selected_option?.value;
}

function problemsOf(form: ShareForm): Record<string, string> {
  return { ...messageProblems(form), ...textProblems(form), ...audienceProblems(form) };
}

function messageProblems({ which, count, since }: ShareForm): Record<string, string> {
  const { min, max } = COUNT_LIMITS;
  if (which === "last" && !(Number.isInteger(count) && count >= min && count <= max)) {
    return { [COUNT]: `Please give a whole number from ${min} to ${max}.` };
  }
  if (which === "since" && (since === null || since > Date.now())) {
    return { [SINCE]: "Please give a time in the past." };
  }
  return {};
}

function textProblems({ title, summary }: ShareForm): Record<string, string> {
  return {
    ...(title.length >= 1 && title.length <= LIMITS.previewTitle
      ? {}
      : { [TITLE]: `Please give a title of at most ${LIMITS.previewTitle} characters.` }),
    ...(summary.length <= LIMITS.previewSummary
      ? {}
      : { [SUMMARY]: `Please keep the summary within ${LIMITS.previewSummary} characters.` }),
  };
}

function audienceProblems({ audience, people }: ShareForm): Record<string, string> {
  if (people.length > PEOPLE_LIMIT) return { [PEOPLE]: `Please pick ${PEOPLE_LIMIT} people at most.` };
  if (audience === "people" && people.length === 0) return { [PEOPLE]: "Please pick who gets the link." };
  return {};
}

/** The form as it is first shown. */
export function emptyForm(options: { title: string; thread: boolean }): ShareForm {
  return {
    which: options.thread ? "all" : "last",
    count: COUNT_LIMITS.start,
    since: null,
    files: false,
    replies: false,
    title: options.title.slice(0, LIMITS.previewTitle),
    mode: "read-only",
    expiry: "none",
    preview: false,
    summary: "",
    category: "general_knowledge" satisfies Category,
    audience: "channel",
    people: [],
  };
}
