import { isJson, type Json } from "./json.ts";

/**
 * `view.state.values` of a modal that somebody sends: every field as it starts, except for what they changed.
 *
 * @param changes by block id
 */
export function modalState(view: Json, changes: Readonly<Record<string, Json>>): Json {
  const blocks = Array.isArray(view.blocks) ? view.blocks.filter(isJson) : [];
  const fields = blocks.flatMap((block): [string, Json][] => {
    if (block.type !== "input" || !isJson(block.element)) return [];
    const id = String(block.block_id);
    return [[id, { [String(block.element.action_id)]: { ...startOf(block.element), ...changes[id] } }]];
  });
  return { values: Object.fromEntries(fields) };
}

function startOf(element: Json): Json {
  const { type } = element;
  switch (type) {
    case "checkboxes":
      return { type, selected_options: element.initial_options ?? [] };
    case "datetimepicker":
      return { type, selected_date_time: element.initial_date_time ?? null };
    case "multi_users_select":
      return { type, selected_users: element.initial_users ?? [] };
    case "radio_buttons":
    case "static_select":
      return { type, selected_option: element.initial_option ?? null };
    default:
      return { type, value: element.initial_value ?? null };
  }
}
