import { isJson, type Json } from "./json.ts";

/**
 * The limits of Block Kit that Slack refuses a message or a view for, and that the emulator does not know
 * (docs.slack.dev, "Block Kit reference"). Only for what the app uses.
 */

/** What is wrong with a modal; empty when Slack would take it. */
export function viewProblems(view: Json): string[] {
  const hasInputs = list(view.blocks).some((block) => isJson(block) && block.type === "input");
  const titles = [
    ...tooLong(view.title, { max: 24, where: "view.title" }),
    ...tooLong(view.submit, { max: 24, where: "view.submit", optional: !hasInputs }),
    ...tooLong(view.close, { max: 24, where: "view.close", optional: true }),
  ];
  const metadata = String(view.private_metadata ?? "").length > 3000 ? ["view.private_metadata is too long"] : [];
  return [...titles, ...metadata, ...blockProblems(view.blocks, 100)];
}

/** What is wrong with a message's blocks. */
export function blockProblems(blocks: unknown, max = 50): string[] {
  if (!Array.isArray(blocks)) return ["blocks is not a list"];
  const ids = blocks.map((block) => isJson(block) && block.block_id).filter(Boolean);
  return [
    ...(blocks.length > max ? [`more than ${max} blocks`] : []),
    ...(new Set(ids).size < ids.length ? ["two blocks of one id"] : []),
    ...blocks.flatMap((block, index) =>
      isJson(block) ? oneBlock(block, `block ${index}`) : [`block ${index} is none`],
    ),
  ];
}

function oneBlock(block: Json, where: string): string[] {
  switch (block.type) {
    case "section":
      return [...tooLong(block.text, { max: 3000, where }), ...element(block.accessory, where)];
    case "context":
      return list(block.elements).flatMap((text) => tooLong(text, { max: 3000, where }));
    case "divider":
      return [];
    case "markdown":
      return String(block.text ?? "").length > 12_000 ? [`${where} is longer than 12000`] : [];
    case "header":
      return tooLong(block.text, { max: 150, where });
    case "actions":
      return list(block.elements).flatMap((button) => element(button, where));
    case "input":
      return [
        ...tooLong(block.label, { max: 2000, where: `${where} label` }),
        ...tooLong(block.hint, { max: 2000, where: `${where} hint`, optional: true }),
        ...element(block.element, where),
      ];
    default:
      return [`${where} has a type that this stub does not know`];
  }
}

function element(value: unknown, where: string): string[] {
  if (value === undefined) return [];
  if (!isJson(value)) return [`${where} has an element that is none`];
  const options = list(value.options);
  const initial = [value.initial_option, ...list(value.initial_options)].filter((option) => option !== undefined);
  return [
    ...options.flatMap((option) => tooLong(isJson(option) && option.text, { max: 75, where: `${where} option` })),
    ...initial.filter((option) => !has(options, option)).map(() => `${where} starts with an option it does not offer`),
    ...(options.length > 100 ? [`${where} has too many options`] : []),
    ...(value.type === "button" ? button(value, where) : []),
    ...(value.type === "image" ? image(value, where) : []),
    ...textInput(value, where),
  ];
}

function button(value: Json, where: string): string[] {
  return [
    ...tooLong(value.text, { max: 75, where: `${where} button` }),
    ...(String(value.url ?? "").length > 3000 ? [`${where} button URL is too long`] : []),
    ...(String(value.value ?? "").length > 2000 ? [`${where} button value is too long`] : []),
  ];
}

/** Slack fetches images itself and refuses what it cannot reach. */
function image(value: Json, where: string): string[] {
  const url = String(value.image_url ?? "");
  const reachable = URL.canParse(url) && new URL(url).protocol === "https:" && new URL(url).hostname.includes(".");
  return reachable ? [] : [`${where}: downloading image failed`];
}

function textInput(value: Json, where: string): string[] {
  if (value.type !== "plain_text_input") return [];
  const initial = String(value.initial_value ?? "");
  const max = Number(value.max_length ?? 3000);
  return [
    ...("initial_value" in value && initial === "" ? [`${where} has an empty initial value`] : []),
    ...(initial.length > max ? [`${where} starts longer than it may be`] : []),
  ];
}

function tooLong(text: unknown, rule: { max: number; where: string; optional?: boolean }): string[] {
  if (rule.optional && (text === undefined || text === null)) return [];
  const written = isJson(text) ? String(text.text ?? "") : "";
  if (written === "") return [`${rule.where} has no text`];
  return written.length > rule.max ? [`${rule.where} is longer than ${rule.max}`] : [];
}

function has(options: readonly unknown[], option: unknown): boolean {
  return options.some((one) => JSON.stringify(one) === JSON.stringify(option));
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
