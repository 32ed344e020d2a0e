import { type JsonRecord, string } from "./json.ts";
import type { Piece, RawConversation } from "./piece.ts";

interface ListFields {
  /** The record's own id. */
  readonly id: string;
  /** The id of the record before it. */
  readonly parent: string;
  /** The id of the end that was on screen; empty takes the last record. */
  readonly leaf: string;
}

/** How exports write that nothing comes before a message. */
const NO_PARENT = /^0{8}-0{4}-[04]000-[08]000-0{12}$/;

/**
 * The tree of messages that stand in a list and name the one before them. A list in which nobody names one is a path;
 * a record that names one which is not there follows the record before it.
 */
export function treeOfList(
  records: readonly JsonRecord[],
  fields: ListFields,
  read: (record: JsonRecord) => Piece | null,
): Pick<RawConversation, "nodes" | "shown"> {
  const byId = new Map(records.map((one, index) => [string(one[fields.id]), index]));
  byId.delete("");
  const nodes = records.map((one, index) => {
    const parent = one[fields.parent];
    const known = typeof parent === "string" ? byId.get(parent) : undefined;
    const begins = parent === null || (typeof parent === "string" && NO_PARENT.test(parent));
    return { parent: known ?? (begins ? -1 : index - 1), piece: read(one) };
  });
  const linked = records.some((one) => byId.has(string(one[fields.parent])));
  const tree = linked ? nodes : nodes.map((node, index) => ({ ...node, parent: index - 1 }));
  return { nodes: tree, shown: byId.get(fields.leaf) ?? records.length - 1 };
}
