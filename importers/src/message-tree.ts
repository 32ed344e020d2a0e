import { type JsonRecord, string } from "./json.ts";

interface TreeFields {
  readonly id: string;
  readonly parent: string;
  /** The id of the end that was on screen; empty takes the last record. */
  readonly leaf: string;
}

/**
 * The records of a list that are on the way from its shown end to the root, oldest first. Lists whose records name no
 * parents are returned as they are; loops and parents that are not there end the way.
 */
export function pathInList(records: readonly JsonRecord[], fields: TreeFields): readonly JsonRecord[] {
  const byId = new Map(records.map((one) => [string(one[fields.id]), one]));
  byId.delete("");
  if (!records.some((one) => byId.has(string(one[fields.parent])))) return records;
  const path = new Set<JsonRecord>();
  let next = byId.get(fields.leaf) ?? records.at(-1);
  while (next && !path.has(next)) {
    path.add(next);
    next = byId.get(string(next[fields.parent]));
  }
  return [...path].reverse();
}
