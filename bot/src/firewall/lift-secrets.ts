import { PASSWORD_ACTION } from "../screens/field-names.ts";
import { cutFragments } from "./cut-fragments.ts";
import { keepLifted, Lifted } from "./lifted.ts";
import { Secret } from "./secret.ts";

/**
 * A copy of a payload without fragments and without the form's password; what was taken out is at `liftedOf(copy)`.
 * Keys of objects are cut like values: Slack keys some maps by URL.
 */
export function liftSecrets(payload: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const lifted = new Lifted();
  const copy = copyObject(payload, lifted);
  keepLifted(copy, lifted);
  return copy;
}

function copyObject(value: object, lifted: Lifted): Record<string, unknown> {
  const entries = Object.entries(value).map(([name, inner]): [string, unknown] => {
    const cut = cutFragments(name, (link) => lifted.add(link));
    return [cut, name === PASSWORD_ACTION ? liftPassword(inner, lifted) : copyValue(inner, lifted)];
  });
  return Object.fromEntries(entries);
}

function copyValue(value: unknown, lifted: Lifted): unknown {
  if (typeof value === "string") return cutFragments(value, (link) => lifted.add(link));
  if (Array.isArray(value)) return value.map((item) => copyValue(item, lifted));
  if (typeof value === "object" && value !== null) return copyObject(value, lifted);
  return value;
}

/** `{type, value}` of the password field: the value is kept aside as it was typed, whatever characters it has. */
function liftPassword(field: unknown, lifted: Lifted): unknown {
  if (typeof field !== "object" || field === null || !("value" in field)) return copyValue(field, lifted);
  if (typeof field.value === "string" && field.value !== "") lifted.password = new Secret(field.value);
  return copyObject({ ...field, value: null }, lifted);
}
