import { isJson, type Json } from "./json.ts";

/**
 * The limits of Block Kit that Slack refuses a message or a view for, and that the emulator does not know
 * (docs.slack.dev, "Block Kit reference"). Only for what the app uses.
 */

/** Blocks of a message, and of a view. */
const MESSAGE_BLOCKS = 50;
const VIEW_BLOCKS = 100;
/** Of all blocks of markdown in one message. */
const MARKDOWN = 12_000;
const ID = 255;
/** What stands in views; markdown is for messages. */
const IN_VIEWS = ["section", "context", "divider", "header", "actions", "input"];
const IN_MESSAGES = [...IN_VIEWS, "markdown"];

/** What is wrong with a modal; empty when Slack would take it. */
export function viewProblems(view: Json): string[] {
  const hasInputs = list(view.blocks).some((block) => isJson(block) && block.type === "input");
  return [
    ...(view.type === "modal" ? [] : ["view.type is no modal"]),
    ...plainText(view.title, { max: 24, where: "view.title" }),
    ...plainText(view.submit, { max: 24, where: "view.submit", optional: !hasInputs }),
    ...plainText(view.close, { max: 24, where: "view.close", optional: true }),
    ...shared(view),
  ];
}

/** What is wrong with a Home tab. */
export function homeProblems(view: Json): string[] {
  return [...(view.type === "home" ? [] : ["view.type is no home"]), ...shared(view)];
}

function shared({ callback_id, private_metadata, external_id, blocks }: Json): string[] {
  return [
    ...longer(callback_id, { max: ID, where: "view.callback_id" }),
    ...longer(external_id, { max: ID, where: "view.external_id" }),
    ...longer(private_metadata, { max: 3000, where: "view.private_metadata" }),
    ...allBlocks(blocks, { max: VIEW_BLOCKS, types: IN_VIEWS }),
  ];
}

/** What is wrong with a message's blocks. */
export function blockProblems(blocks: unknown): string[] {
  const markdown = list(blocks).map((block) => (isJson(block) && block.type === "markdown" ? String(block.text) : ""));
  const problems = allBlocks(blocks, { max: MESSAGE_BLOCKS, types: IN_MESSAGES });
  return [...problems, ...longer(markdown.join(""), { max: MARKDOWN, where: "markdown" })];
}

function allBlocks(blocks: unknown, { max, types }: { max: number; types: readonly string[] }): string[] {
  if (!Array.isArray(blocks)) return ["blocks is not a list"];
  const ids = blocks.map((block) => isJson(block) && block.block_id).filter(Boolean);
  return [
    ...(blocks.length > max ? [`more than ${max} blocks`] : []),
    ...(new Set(ids).size < ids.length ? ["two blocks of one id"] : []),
    ...blocks.flatMap((block, index) => {
      const where = `block ${index}`;
      if (!isJson(block) || !types.includes(String(block.type))) return [`${where} is none that may stand there`];
      return [...longer(block.block_id, { max: ID, where: `${where} id` }), ...oneBlock(block, where)];
    }),
  ];
}

function oneBlock(block: Json, where: string): string[] {
  switch (block.type) {
    case "section":
      return [...anyText(block.text, { max: 3000, where }), ...element(block.accessory, where)];
    case "context":
      return [
        ...counted(block.elements, { max: 10, where }),
        ...list(block.elements).flatMap((text) => anyText(text, { max: 3000, where })),
      ];
    case "markdown":
      return String(block.text ?? "") === "" ? [`${where} has no text`] : [];
    case "header":
      return plainText(block.text, { max: 150, where });
    case "actions":
      return [
        ...counted(block.elements, { max: 25, where }),
        ...distinct(list(block.elements), where),
        ...list(block.elements).flatMap((button) => element(button, where)),
      ];
    case "input":
      return [
        ...plainText(block.label, { max: 2000, where: `${where} label` }),
        ...plainText(block.hint, { max: 2000, where: `${where} hint`, optional: true }),
        ...(isJson(block.element) ? element(block.element, where) : [`${where} has no element`]),
      ];
    default:
      return [];
  }
}

function distinct(elements: readonly unknown[], where: string): string[] {
  const ids = elements.map((one) => isJson(one) && one.action_id).filter(Boolean);
  return new Set(ids).size < ids.length ? [`${where} has two elements of one action`] : [];
}

/** Options that an element may have; none for all others. */
const OPTIONS: Readonly<Record<string, number>> = { static_select: 100, radio_buttons: 10, checkboxes: 10 };

function element(value: unknown, where: string): string[] {
  if (value === undefined) return [];
  if (!isJson(value)) return [`${where} has an element that is none`];
  const most = OPTIONS[String(value.type)];
  return [
    ...longer(value.action_id, { max: ID, where: `${where} action` }),
    ...(most === undefined ? [] : options(value, { most, where })),
    ...particular(value, where),
  ];
}

function particular(value: Json, where: string): string[] {
  switch (value.type) {
    case "static_select":
    case "radio_buttons":
    case "checkboxes":
      return [];
    case "button":
      return button(value, where);
    case "image":
      return image(value, where);
    case "plain_text_input":
      return textInput(value, where);
    case "number_input":
      return numberInput(value, where);
    case "datetimepicker":
      return /^\d{10}$/u.test(String(value.initial_date_time ?? "1700000000")) ? [] : [`${where} begins at no time`];
    case "multi_users_select":
      return Number(value.max_selected_items ?? 1) >= 1 ? [] : [`${where} takes nobody`];
    default:
      return [`${where} has an element that this stub does not know`];
  }
}

function options(value: Json, { most, where }: { most: number; where: string }): string[] {
  const offered = list(value.options);
  const initial = [value.initial_option, ...list(value.initial_options)].filter((option) => option !== undefined);
  return [
    ...counted(offered, { max: most, where: `${where} options` }),
    ...offered.flatMap((option) =>
      isJson(option)
        ? [
            ...anyText(option.text, { max: 75, where: `${where} option` }),
            ...longer(option.value, { max: 150, where: `${where} option value` }),
          ]
        : [`${where} has an option that is none`],
    ),
    ...initial.filter((option) => !has(offered, option)).map(() => `${where} starts with an option it does not offer`),
    ...("initial_options" in value && list(value.initial_options).length === 0
      ? [`${where} starts with no option`]
      : []),
  ];
}

function button(value: Json, where: string): string[] {
  const { confirm, style } = value;
  return [
    ...plainText(value.text, { max: 75, where: `${where} button` }),
    ...longer(value.url, { max: 3000, where: `${where} button URL` }),
    ...longer(value.value, { max: 2000, where: `${where} button value` }),
    ...(style === undefined || style === "primary" || style === "danger" ? [] : [`${where} button has no such style`]),
    ...(isJson(confirm) ? confirmation(confirm, `${where} question`) : []),
  ];
}

function confirmation({ title, text, confirm, deny }: Json, where: string): string[] {
  return [
    ...plainText(title, { max: 100, where }),
    ...plainText(text, { max: 300, where }),
    ...plainText(confirm, { max: 30, where }),
    ...plainText(deny, { max: 30, where }),
  ];
}

/** Slack fetches images itself and refuses what it cannot reach. */
function image(value: Json, where: string): string[] {
  const url = String(value.image_url ?? "");
  const reachable = URL.canParse(url) && new URL(url).protocol === "https:" && new URL(url).hostname.includes(".");
  return [
    ...(reachable ? [] : [`${where}: downloading image failed`]),
    ...longer(url, { max: 3000, where: `${where} image` }),
    ...(String(value.alt_text ?? "") === "" ? [`${where} image has no words`] : []),
    ...longer(value.alt_text, { max: 2000, where: `${where} image's words` }),
  ];
}

function textInput(value: Json, where: string): string[] {
  const initial = String(value.initial_value ?? "");
  const max = Number(value.max_length ?? 3000);
  return [
    ...("initial_value" in value && initial === "" ? [`${where} has an empty initial value`] : []),
    ...(initial.length > max ? [`${where} starts longer than it may be`] : []),
    ...(max < 1 || max > 3000 ? [`${where} has no such greatest length`] : []),
  ];
}

function numberInput(value: Json, where: string): string[] {
  const [min, max, initial] = [value.min_value, value.max_value, value.initial_value].map((one) => String(one ?? ""));
  const numbers = [min, max, initial].every((one) => one === "" || /^-?\d+(?:\.\d+)?$/u.test(one ?? ""));
  const fits = !initial || ((!min || Number(initial) >= Number(min)) && (!max || Number(initial) <= Number(max)));
  return [
    ...(typeof value.is_decimal_allowed === "boolean" ? [] : [`${where} does not say whether decimals are allowed`]),
    ...(numbers && fits ? [] : [`${where} starts with a number that it does not take`]),
  ];
}

interface Rule {
  readonly max: number;
  readonly where: string;
  readonly optional?: boolean;
}

function plainText(text: unknown, rule: Rule): string[] {
  if (rule.optional && (text === undefined || text === null)) return [];
  const plain = isJson(text) && text.type === "plain_text" ? [] : [`${rule.where} is no plain text`];
  return [...plain, ...anyText(text, rule)];
}

function anyText(text: unknown, { max, where }: Rule): string[] {
  if (!isJson(text) || !["plain_text", "mrkdwn"].includes(String(text.type))) return [`${where} has no text`];
  if (String(text.text ?? "") === "") return [`${where} has no text`];
  return longer(text.text, { max, where });
}

function longer(text: unknown, { max, where }: Rule): string[] {
  return String(text ?? "").length > max ? [`${where} is longer than ${max}`] : [];
}

function counted(elements: unknown, { max, where }: Rule): string[] {
  const { length } = list(elements);
  return length === 0 || length > max ? [`${where} has ${length} elements`] : [];
}

function has(offered: readonly unknown[], option: unknown): boolean {
  return offered.some((one) => JSON.stringify(one) === JSON.stringify(option));
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
