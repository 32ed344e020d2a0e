import { CATEGORIES, LIMITS } from "@openmates-share/client";
import type { types } from "@slack/bolt";
import * as v from "valibot";
import type { Block, View } from "../slack/slack.ts";
import { AUDIENCE, CATEGORY, COUNT, MODE, PASSWORD_ACTION, PREVIEW, SUMMARY, TITLE } from "./field-names.ts";
import { note, section } from "./mrkdwn-text.ts";
import { COUNT_LIMITS, type ShareForm } from "./share-form.ts";

/** Names the form among the views that Slack sends back. */
export const SHARE_VIEW = "share_form";
const TITLE_TEXT = "Share as encrypted chat";

/** What travels with the form through Slack: where it was called from. */
const originSchema = v.object({ channel: v.string(), responseUrl: v.string() });
export type Origin = v.InferOutput<typeof originSchema>;

/** @throws ValiError when the view is not one of ours */
export function readOrigin(privateMetadata: string): Origin {
  return v.parse(v.pipe(v.string(), v.parseJson(), originSchema), privateMetadata);
}

/** The form as it is first shown. */
export function emptyForm({ channelName, today }: { channelName: string | null; today: Date }): ShareForm {
  const place = channelName ? `#${channelName}` : "Slack conversation";
  const day = today.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  return {
    count: COUNT_LIMITS.start,
    title: `${place}, ${day}`,
    mode: "read-only",
    preview: false,
    summary: "",
    category: "general_knowledge",
    audience: "channel",
  };
}

export interface ModalContent {
  readonly form: ShareForm;
  readonly origin: Origin;
  /** Shown on top: why the form is back. */
  readonly problem?: string;
  /** There was a password, which is not kept: sharing without one now would be an accident. */
  readonly passwordWanted?: boolean;
}

/** The form of `/share`; also with what was filled in before. */
export function shareModal({ form, origin, problem, passwordWanted = false }: ModalContent): View {
  return {
    type: "modal",
    callback_id: SHARE_VIEW,
    private_metadata: JSON.stringify(origin),
    title: plain(TITLE_TEXT),
    submit: plain("Share"),
    close: plain("Cancel"),
    blocks: [
      ...(problem ? [section(`:warning: ${problem}`)] : []),
      countInput(form),
      textInput({ name: TITLE, label: "Title", value: form.title, max: LIMITS.previewTitle }),
      radio({ name: MODE, label: "People with the link can", options: MODE_OPTIONS, value: form.mode }),
      passwordInput(passwordWanted),
      previewCheckbox(form.preview),
      textInput({
        name: SUMMARY,
        label: "Summary",
        value: form.summary,
        max: LIMITS.previewSummary,
        optional: true,
        multiline: true,
      }),
      categorySelect(form.category),
      radio({ name: AUDIENCE, label: "The link goes", options: AUDIENCE_OPTIONS, value: form.audience }),
      note("The messages are encrypted before they leave this app; the server can't read them."),
    ],
  };
}

/** Shown while the work is going on. */
export function workingModal(): View {
  return closedModal([
    section(":hourglass_flowing_sand: Reading, encrypting and sharing … You can close this window."),
  ]);
}

export function doneModal(blocks: Block[]): View {
  return closedModal(blocks);
}

function closedModal(blocks: Block[]): View {
  return { type: "modal", callback_id: "share_status", title: plain(TITLE_TEXT), close: plain("Close"), blocks };
}

const MODE_OPTIONS = [
  { value: "read-only", label: "read it" },
  { value: "collaborative", label: "read it and write in it" },
];
const AUDIENCE_OPTIONS = [
  { value: "channel", label: "into this channel, as a card" },
  { value: "me", label: "only to me" },
];

function plain(text: string): types.PlainTextElement {
  return { type: "plain_text", text };
}

function option({ value, label }: { value: string; label: string }): types.PlainTextOption {
  return { text: plain(label), value };
}

function countInput({ count }: ShareForm): Block {
  return {
    type: "input",
    block_id: COUNT,
    label: plain("How many of the last messages"),
    element: {
      type: "number_input",
      action_id: COUNT,
      is_decimal_allowed: false,
      min_value: String(COUNT_LIMITS.min),
      max_value: String(COUNT_LIMITS.max),
      initial_value: String(count),
    },
  };
}

function textInput(options: {
  name: string;
  label: string;
  value: string;
  max: number;
  optional?: boolean;
  multiline?: boolean;
}): Block {
  const { name, label, value, max, optional = false, multiline = false } = options;
  const initial = value ? { initial_value: value } : {};
  return {
    type: "input",
    block_id: name,
    label: plain(label),
    optional,
    element: { type: "plain_text_input", action_id: name, max_length: max, multiline, ...initial },
  };
}

function passwordInput(wanted: boolean): Block {
  const why = wanted
    ? "You had set one; please type it again."
    : "Slack sees what you type here. Tell it to your readers some other way.";
  return {
    type: "input",
    block_id: PASSWORD_ACTION,
    label: plain("Password"),
    hint: plain(why),
    optional: !wanted,
    element: { type: "plain_text_input", action_id: PASSWORD_ACTION, max_length: 200 },
  };
}

function radio(options: { name: string; label: string; options: typeof MODE_OPTIONS; value: string }): Block {
  const all = options.options.map(option);
  const initial = all.find(({ value }) => value === options.value);
  return {
    type: "input",
    block_id: options.name,
    label: plain(options.label),
    element: {
      type: "radio_buttons",
      action_id: options.name,
      options: all,
      ...(initial ? { initial_option: initial } : {}),
    },
  };
}

function previewCheckbox(checked: boolean): Block {
  const show = option({ value: "show", label: "Show title, summary and category to everybody" });
  return {
    type: "input",
    block_id: PREVIEW,
    label: plain("Preview"),
    hint: plain("Without it, cards of the link say nothing about the content, and the server does not know it."),
    optional: true,
    element: {
      type: "checkboxes",
      action_id: PREVIEW,
      options: [show],
      ...(checked ? { initial_options: [show] } : {}),
    },
  };
}

function categorySelect(category: string): Block {
  const options = CATEGORIES.map((value) => option({ value, label: categoryLabel(value) }));
  const initial = options.find(({ value }) => value === category);
  return {
    type: "input",
    block_id: CATEGORY,
    label: plain("Category"),
    optional: true,
    element: {
      type: "static_select",
      action_id: CATEGORY,
      options,
      ...(initial ? { initial_option: initial } : {}),
    },
  };
}

/** `software_development` as people write it. */
export function categoryLabel(category: string): string {
  const words = category.replaceAll("_", " ");
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
