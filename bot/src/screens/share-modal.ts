import { CATEGORIES, categoryName, LIMITS } from "@openmates-share/client";
import * as v from "valibot";
import type { Block, View } from "../slack/slack.ts";
import {
  AUDIENCE,
  CATEGORY,
  COUNT,
  EXPIRY,
  FIELDS,
  MODE,
  PASSWORD_ACTION,
  PEOPLE,
  PREVIEW,
  SINCE,
  SUMMARY,
  TAKE,
  TITLE,
  WHICH,
} from "./field-names.ts";
import {
  type Choice,
  checkboxes,
  numberInput,
  peopleInput,
  radioInput,
  selectInput,
  textInput,
  timeInput,
} from "./inputs.ts";
import { section } from "./mrkdwn-text.ts";
import { COUNT_LIMITS, type Expiry, PEOPLE_LIMIT, type ShareForm } from "./share-form.ts";
import { plain } from "./words.ts";

/** Names the form among the views that Slack sends back. */
export const SHARE_VIEW = "share_form";
const TITLE_TEXT = "Share as encrypted chat";

/** What travels with the form through Slack: where it was called from. */
export const originSchema = v.object({
  channel: v.string(),
  /** Null for a form that was not called by a command. */
  responseUrl: v.nullable(v.string()),
  /** The thread's first message; null for the channel. */
  thread: v.nullable(v.string()),
});
export type Origin = v.InferOutput<typeof originSchema>;

/** @throws ValiError when the view is not one of ours */
export function readOrigin(privateMetadata: string): Origin {
  return v.parse(v.pipe(v.string(), v.parseJson(), originSchema), privateMetadata);
}

/** A title to begin with: the place and the day. */
export function firstTitle({ channelName, today }: { channelName: string | null; today: Date }): string {
  const place = channelName ? `#${channelName}` : "Slack conversation";
  const day = today.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  return `${place}, ${day}`;
}

export interface ModalContent {
  readonly form: ShareForm;
  readonly origin: Origin;
  /** Shown on top: why the form is back. */
  readonly problem?: string;
  /** There was a password, which is not kept: sharing without one now would be an accident. */
  readonly passwordWanted?: boolean;
  /** What will be shared, and who will be able to read it; empty before that is known. */
  readonly outlook?: readonly Block[];
}

/**
 * The form of `/share` and of the message shortcut; also with what was filled in before. Fields that what was chosen makes
 * pointless are left out.
 */
export function shareModal({ form, origin, problem, passwordWanted = false, outlook = [] }: ModalContent): View {
  return {
    type: "modal",
    callback_id: SHARE_VIEW,
    private_metadata: JSON.stringify(origin),
    title: plain(TITLE_TEXT),
    submit: plain("Share"),
    close: plain("Cancel"),
    blocks: [
      ...(problem ? [section(`:warning: ${problem}`)] : []),
      ...messageInputs(form, { thread: origin.thread !== null }),
      textInput({ name: TITLE, label: "Title", value: form.title, max: LIMITS.previewTitle }),
      ...readerInputs(form, { passwordWanted }),
      ...previewInputs(form),
      ...outlook,
    ],
  };
}

function messageInputs(form: ShareForm, { thread }: { thread: boolean }): Block[] {
  const { min, max } = COUNT_LIMITS;
  const which = thread ? [ALL_OPTION, ...WHICH_OPTIONS] : WHICH_OPTIONS;
  const take = thread ? TAKE_OPTIONS.filter(({ value }) => value !== "replies") : TAKE_OPTIONS;
  const taken = [...(form.files ? ["files"] : []), ...(form.replies && !thread ? ["replies"] : [])];
  return [
    radioInput({ name: WHICH, label: "Which messages", choices: which, value: form.which, telling: true }),
    ...(form.which === "last"
      ? [numberInput({ name: COUNT, label: "How many", value: form.count, min, max, telling: true })]
      : []),
    ...(form.which === "since"
      ? [timeInput({ name: SINCE, label: "Since when", value: form.since, telling: true })]
      : []),
    checkboxes({ name: TAKE, label: "Take along", choices: take, values: taken, optional: true, telling: true }),
  ];
}

function readerInputs(form: ShareForm, { passwordWanted }: { passwordWanted: boolean }): Block[] {
  const why = passwordWanted
    ? "You had set one; please type it again."
    : "Slack sees what you type here. Tell it to your readers some other way.";
  return [
    radioInput({
      name: AUDIENCE,
      label: "The link goes",
      choices: AUDIENCE_OPTIONS,
      value: form.audience,
      telling: true,
    }),
    ...(form.audience === "apart" || form.audience === "people" ? [peopleInputOf(form)] : []),
    radioInput({
      name: MODE,
      label: "People with the link can",
      choices: MODE_OPTIONS,
      value: form.mode,
      telling: true,
    }),
    textInput({ name: PASSWORD_ACTION, label: "Password", hint: why, value: "", max: 200, optional: !passwordWanted }),
    selectInput({ name: EXPIRY, label: "The link works", choices: EXPIRY_OPTIONS, value: form.expiry, telling: true }),
  ];
}

/** Whoever shares gets the link as well: with the key apart, nobody else has to. */
function peopleInputOf({ people, audience }: ShareForm): Block {
  const label = audience === "apart" ? "People who get the key as a direct message" : "People who get it";
  const optional = audience === "apart";
  return peopleInput({ name: PEOPLE, label, value: people, max: PEOPLE_LIMIT, optional, telling: true });
}

function previewInputs(form: ShareForm): Block[] {
  const categories = CATEGORIES.map((value) => ({ value, label: categoryName(value) }));
  const shown = [
    checkboxes({
      name: PREVIEW,
      label: "Preview",
      hint: "Without it, cards of the link say nothing about the content, and the server does not know it.",
      choices: [{ value: "show", label: "Show title, summary and category to everybody" }],
      values: form.preview ? ["show"] : [],
      optional: true,
      telling: true,
    }),
  ];
  if (!form.preview) return shown;
  return [
    ...shown,
    textInput({
      name: SUMMARY,
      label: "Summary",
      value: form.summary,
      max: LIMITS.previewSummary,
      optional: true,
      multiline: true,
    }),
    selectInput({ name: CATEGORY, label: "Category", choices: categories, value: form.category, optional: true }),
  ];
}

/** The fields of a form, as they stand in it; other blocks have names of Slack's. */
export function fieldsIn(blocks: readonly { readonly block_id?: string | undefined }[]): string[] {
  return blocks.flatMap(({ block_id: name }) => (name !== undefined && FIELDS.includes(name) ? [name] : []));
}

/** Shown while the work is going on. */
export function workingModal(doing = "Reading, encrypting and sharing…"): View {
  return closedModal([section(`:hourglass_flowing_sand: ${doing} You can close this window.`)]);
}

export function doneModal(blocks: Block[]): View {
  return closedModal(blocks);
}

/** A window with nothing to fill in. */
export function closedModal(blocks: Block[]): View {
  return { type: "modal", callback_id: "share_status", title: plain(TITLE_TEXT), close: plain("Close"), blocks };
}

const ALL_OPTION: Choice = { value: "all", label: "the whole thread" };
const WHICH_OPTIONS: readonly Choice[] = [
  { value: "last", label: "the last ones" },
  { value: "since", label: "those since a time" },
];
const TAKE_OPTIONS: readonly Choice[] = [
  { value: "files", label: "Files, encrypted (up to 25 MB each)" },
  { value: "replies", label: "Replies in threads" },
];
const MODE_OPTIONS: readonly Choice[] = [
  { value: "read-only", label: "read it" },
  { value: "collaborative", label: "read it and write in it" },
];
const AUDIENCE_OPTIONS: readonly Choice[] = [
  { value: "channel", label: "here, as a card" },
  { value: "apart", label: "here without its key, and the key as a direct message" },
  { value: "people", label: "only as a direct message" },
  { value: "me", label: "only to me" },
];
export const EXPIRY_LABELS: Readonly<Record<Expiry, string>> = {
  none: "until somebody ends it",
  hour: "for an hour",
  day: "for a day",
  week: "for a week",
  month: "for 30 days",
  year: "for a year",
};
const EXPIRY_OPTIONS: readonly Choice[] = Object.entries(EXPIRY_LABELS).map(([value, label]) => ({ value, label }));
