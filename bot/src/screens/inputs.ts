import type { types } from "@slack/bolt";
import type { Block } from "../slack/slack.ts";
import { plain } from "./words.ts";

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** What every field has. `telling`: the bot hears of each change, to show what it means. */
interface Field {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly optional?: boolean;
  readonly telling?: boolean;
}

function input(
  { name, label, hint, optional = false, telling = false }: Field,
  element: types.InputBlock["element"],
): Block {
  return {
    type: "input",
    block_id: name,
    label: plain(label),
    optional,
    ...(telling ? { dispatch_action: true } : {}),
    ...(hint ? { hint: plain(hint) } : {}),
    element,
  };
}

export function numberInput(field: Field & { value: number; min: number; max: number }): Block {
  return input(field, {
    type: "number_input",
    action_id: field.name,
    is_decimal_allowed: false,
    min_value: String(field.min),
    max_value: String(field.max),
    initial_value: String(field.value),
    ...(field.telling ? { dispatch_action_config: { trigger_actions_on: ["on_enter_pressed"] } } : {}),
  });
}

export function textInput(field: Field & { value: string; max: number; multiline?: boolean }): Block {
  return input(field, {
    type: "plain_text_input",
    action_id: field.name,
    max_length: field.max,
    multiline: field.multiline ?? false,
    ...(field.value ? { initial_value: field.value } : {}),
  });
}

export function radioInput(field: Field & { choices: readonly Choice[]; value: string }): Block {
  const { options, initial } = offered(field);
  return input(field, { type: "radio_buttons", action_id: field.name, options, ...initial });
}

export function selectInput(field: Field & { choices: readonly Choice[]; value: string }): Block {
  const { options, initial } = offered(field);
  return input(field, { type: "static_select", action_id: field.name, options, ...initial });
}

export function checkboxes(field: Field & { choices: readonly Choice[]; values: readonly string[] }): Block {
  const options = field.choices.map(option);
  const ticked = options.filter(({ value }) => value !== undefined && field.values.includes(value));
  return input(field, {
    type: "checkboxes",
    action_id: field.name,
    options,
    ...(ticked.length > 0 ? { initial_options: ticked } : {}),
  });
}

/** @param field.value milliseconds since 1970, or null */
export function timeInput(field: Field & { value: number | null }): Block {
  return input(field, {
    type: "datetimepicker",
    action_id: field.name,
    ...(field.value === null ? {} : { initial_date_time: Math.floor(field.value / 1000) }),
  });
}

export function peopleInput(field: Field & { value: readonly string[]; max: number }): Block {
  return input(field, {
    type: "multi_users_select",
    action_id: field.name,
    max_selected_items: field.max,
    ...(field.value.length > 0 ? { initial_users: [...field.value] } : {}),
  });
}

function option({ value, label }: Choice): types.PlainTextOption {
  return { text: plain(label), value };
}

function offered({ choices, value }: { choices: readonly Choice[]; value: string }) {
  const options = choices.map(option);
  const first = options.find((one) => one.value === value);
  return { options, initial: first ? { initial_option: first } : {} };
}
