import * as v from "valibot";
import { WireFailure } from "./failure.ts";

/**
 * Checks what came from outside.
 * @throws WireFailure `bad_request`, with a sentence that names the field and never repeats what was in it
 */
export function parse<TSchema extends v.GenericSchema>(schema: TSchema, value: unknown): v.InferOutput<TSchema> {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  throw new WireFailure("bad_request", sentence(result.issues[0]));
}

/** valibot's own messages quote the value, and unknown names are the sender's text too: neither may come back. */
function sentence(issue: v.BaseIssue<unknown>): string {
  if (issue.expected === "never") return `${subject(issue.path?.slice(0, -1))} has a field that is not known.`;
  const expected = issue.expected === null || issue.expected === "unknown" ? "" : `: ${issue.expected} is expected`;
  return `${subject(issue.path)} is not valid${expected}.`;
}

function subject(path: readonly v.IssuePathItem[] | undefined): string {
  if (!path || path.length === 0) return "The request";
  return `The field ${path.map(({ key }) => String(key)).join(".")}`;
}
