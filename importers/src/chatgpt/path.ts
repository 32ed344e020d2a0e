import { field, isRecord, type JsonRecord, list } from "../json.ts";
import { timeOf } from "../time.ts";

/**
 * The messages that were on screen, oldest first: from the current node up through its parents. Everything about the
 * tree may be damaged: a missing current node, parents that are not there, loops.
 */
export function shownPath(mapping: JsonRecord, currentNode: string | null): JsonRecord[] {
  const current = currentNode !== null && isRecord(field(mapping, currentNode)) ? currentNode : newestLeaf(mapping);
  return current === null ? [] : pathTo(mapping, current);
}

/** The path to the newest end of the tree, for a current node that shows nothing. */
export function newestPath(mapping: JsonRecord): JsonRecord[] {
  const leaf = newestLeaf(mapping);
  return leaf === null ? [] : pathTo(mapping, leaf);
}

function pathTo(mapping: JsonRecord, end: string): JsonRecord[] {
  const path: JsonRecord[] = [];
  const seen = new Set<string>();
  const parents = new ParentIndex(mapping);
  let id: string | null = end;
  while (id !== null && !seen.has(id)) {
    seen.add(id);
    const node = field(mapping, id);
    if (!isRecord(node)) break;
    if (isRecord(node.message)) path.push(node.message);
    id = parents.of(id, node);
  }
  return path.reverse();
}

/** Some nodes name no parent, and are named by their parent as a child. */
class ParentIndex {
  readonly #mapping: JsonRecord;
  #byChild: Map<unknown, string> | null = null;

  constructor(mapping: JsonRecord) {
    this.#mapping = mapping;
  }

  of(id: string, node: JsonRecord): string | null {
    const parent = node.parent;
    if (typeof parent === "string" && isRecord(field(this.#mapping, parent))) return parent;
    this.#byChild ??= childIndex(this.#mapping);
    return this.#byChild.get(id) ?? null;
  }
}

function childIndex(mapping: JsonRecord): Map<unknown, string> {
  const index = new Map<unknown, string>();
  for (const [id, node] of Object.entries(mapping)) {
    if (isRecord(node)) for (const child of list(node.children)) index.set(child, id);
  }
  return index;
}

/** The node without children whose message is the youngest; the last of several. */
function newestLeaf(mapping: JsonRecord): string | null {
  const parents = new Set<unknown>();
  for (const node of Object.values(mapping)) if (isRecord(node)) parents.add(node.parent);
  let newest: { id: string; time: number } | null = null;
  for (const [id, node] of Object.entries(mapping)) {
    if (!isRecord(node) || !isRecord(node.message)) continue;
    if (
      parents.has(id) ||
      list(node.children).some((child) => typeof child === "string" && isRecord(field(mapping, child)))
    )
      continue;
    const time = timeOf(node.message.create_time) ?? 0;
    if (newest === null || time >= newest.time) newest = { id, time };
  }
  return newest?.id ?? null;
}
