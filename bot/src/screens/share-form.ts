import { CATEGORIES, type Category, LIMITS, type LinkMode } from "@openmates-share/client";
import * as v from "valibot";
import { AUDIENCE, CATEGORY, COUNT, MODE, PREVIEW, SUMMARY, TITLE } from "./field-names.ts";

/** Messages of a channel that one command shares. */
export const COUNT_LIMITS = { min: 1, max: 200, start: 20 } as const;
export const AUDIENCES = ["channel", "me"] as const;

/** What the form says. The password is not part of it: the firewall keeps it aside. */
export interface ShareForm {
  readonly count: number;
  readonly title: string;
  readonly mode: LinkMode;
  /** Whether title, summary and category become public. */
  readonly preview: boolean;
  readonly summary: string;
  readonly category: Category;
  /** Who gets the link: everybody in the channel, or whoever asked. */
  readonly audience: (typeof AUDIENCES)[number];
}

const text = v.object({ value: v.nullish(v.string(), "") });
const choice = <const T extends readonly string[]>(options: T) =>
  v.object({ selected_option: v.object({ value: v.picklist(options) }) });

const valuesSchema = v.object({
  [COUNT]: v.object({ [COUNT]: text }),
  [TITLE]: v.object({ [TITLE]: text }),
  [MODE]: v.object({ [MODE]: choice(["read-only", "collaborative"]) }),
  [PREVIEW]: v.object({ [PREVIEW]: v.object({ selected_options: v.nullish(v.array(v.unknown()), []) }) }),
  [SUMMARY]: v.object({ [SUMMARY]: text }),
  [CATEGORY]: v.object({
    [CATEGORY]: v.object({ selected_option: v.nullish(v.object({ value: v.picklist(CATEGORIES) })) }),
  }),
  [AUDIENCE]: v.object({ [AUDIENCE]: choice(AUDIENCES) }),
});

/** Either what the form says or, per field, what is wrong with it. */
export type ReadForm =
  | { readonly form: ShareForm; readonly problems: null }
  | { readonly form: null; readonly problems: Readonly<Record<string, string>> };

/** Reads `view.state.values`. */
export function readForm(values: unknown): ReadForm {
  const parsed = v.safeParse(valuesSchema, values);
  if (!parsed.success) return { form: null, problems: { [TITLE]: "Slack sent an incomplete form. Please try again." } };
  const { output } = parsed;
  const form: ShareForm = {
    count: Number(output[COUNT][COUNT].value || Number.NaN),
    title: (output[TITLE][TITLE].value ?? "").trim(),
    mode: output[MODE][MODE].selected_option.value,
    preview: output[PREVIEW][PREVIEW].selected_options.length > 0,
    summary: (output[SUMMARY][SUMMARY].value ?? "").trim(),
    category: output[CATEGORY][CATEGORY].selected_option?.value ?? "general_knowledge",
    audience: output[AUDIENCE][AUDIENCE].selected_option.value,
  };
  const problems = problemsOf(form);
  return Object.keys(problems).length > 0 ? { form: null, problems } : { form, problems: null };
}

function problemsOf({ count, title, summary }: ShareForm): Record<string, string> {
  const { min, max } = COUNT_LIMITS;
  return {
    ...(Number.isInteger(count) && count >= min && count <= max
      ? {}
      : { [COUNT]: `Please give a whole number from ${min} to ${max}.` }),
    ...(title.length >= 1 && title.length <= LIMITS.previewTitle
      ? {}
      : { [TITLE]: `Please give a title of at most ${LIMITS.previewTitle} characters.` }),
    ...(summary.length <= LIMITS.previewSummary
      ? {}
      : { [SUMMARY]: `Please keep the summary within ${LIMITS.previewSummary} characters.` }),
  };
}
