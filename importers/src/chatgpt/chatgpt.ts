import type { FormatReader } from "../format-reader.ts";
import { isRecord, type JsonRecord, list, record, string } from "../json.ts";
import { inLine, type RawConversation, type RawNode } from "../piece.ts";
import { timeOf } from "../time.ts";
import { readMessage } from "./message.ts";

/** `conversations.json` of a ChatGPT data export, one conversation of it, or one as the web app or a share page loads it. */
export const chatgpt: FormatReader = {
  format: "chatgpt",
  recognises: (value) => isRecord(value) && (isRecord(value.mapping) || isLinear(value)),
  read: (value) => readConversation(record(value)),
};

function isLinear(conversation: JsonRecord): boolean {
  return list(conversation.linear_conversation).some((node) => isRecord(node) && "message" in node);
}

function readConversation(conversation: JsonRecord): RawConversation {
  return {
    title: string(conversation.title),
    time: timeOf(conversation.update_time) ?? timeOf(conversation.create_time),
    ...(isRecord(conversation.mapping)
      ? readTree(conversation.mapping, conversation.current_node)
      : inLine(list(conversation.linear_conversation).map(readNode))),
  };
}

type Tree = Pick<RawConversation, "nodes" | "shown">;

/** Everything about the tree may be damaged: a missing current node, parents and children that are not there, loops. */
function readTree(mapping: JsonRecord, current: unknown): Tree {
  const entries = Object.entries(mapping);
  const indices = new Map<unknown, number>(entries.map(([id], index) => [id, index]));
  let byChild: ReadonlyMap<unknown, number> | null = null;
  const nodes = entries.map(([id, node]): RawNode => {
    const parent = isRecord(node) ? indices.get(node.parent) : undefined;
    if (parent !== undefined) return { parent, piece: readNode(node) };
    byChild ??= parentsByChild(entries);
    return { parent: byChild.get(id) ?? -1, piece: readNode(node) };
  });
  return { nodes, shown: indices.get(current) ?? -1 };
}

/** Some nodes name no parent, and are named by their parent as a child. */
function parentsByChild(entries: readonly (readonly [string, unknown])[]): ReadonlyMap<unknown, number> {
  const parents = new Map<unknown, number>();
  entries.forEach(([, node], index) => {
    for (const child of list(record(node).children)) if (!parents.has(child)) parents.set(child, index);
  });
  return parents;
}

function readNode(node: unknown) {
  const { message } = record(node);
  return isRecord(message) ? readMessage(message) : null;
}
