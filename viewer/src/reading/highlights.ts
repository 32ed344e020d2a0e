import { findAll, fold } from "./fold.ts";

const ALL = "found";
const CURRENT = "found-current";
/** More marks than that on one screen help nobody. */
const MOST = 1_000;
/** Elements that a word may run through; all others end it. */
const INLINE = new Set([
  "A",
  "B",
  "BDI",
  "CODE",
  "DEL",
  "EM",
  "I",
  "INS",
  "KBD",
  "MARK",
  "S",
  "SPAN",
  "STRONG",
  "SUB",
  "SUP",
  "U",
]);

/** Between two blocks: a character that nobody can search for. */
const BREAK = "\u0000";

/** Marks what was found without touching the elements it stands in. Browsers without highlights mark the message alone. */
const marksWords = typeof CSS !== "undefined" && "highlights" in CSS && typeof Highlight === "function";

/** Where the words stand in what is on the page of one message, in order. */
export function rangesIn(root: Element, query: string): Range[] {
  const folded = fold(query.trim());
  if (folded.trim() === "") return [];
  const pieces = textsOf(root);
  const text = pieces.map(({ text }) => text).join("");
  return findAll(text, folded)
    .slice(0, MOST)
    .map(([start, end]) => rangeOf(pieces, start, end))
    .filter((range) => range !== null);
}

export function showHighlights(ranges: readonly Range[], current: Range | null): void {
  if (!marksWords) return;
  CSS.highlights.set(ALL, new Highlight(...ranges.slice(0, MOST)));
  const now = new Highlight(...(current ? [current] : []));
  now.priority = 1;
  CSS.highlights.set(CURRENT, now);
}

export function clearHighlights(): void {
  if (!marksWords) return;
  CSS.highlights.delete(ALL);
  CSS.highlights.delete(CURRENT);
}

interface Piece {
  /** Null for the break between two blocks. */
  readonly node: Text | null;
  readonly start: number;
  readonly text: string;
}

/** The texts of an element, with a break wherever a block begins or ends. */
function textsOf(root: Element): Piece[] {
  const pieces: Piece[] = [];
  let length = 0;
  let block: Element | null = null;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, searched);
  while (walker.nextNode()) {
    const { currentNode: node } = walker;
    if (!(node instanceof Text)) continue;
    const around = blockAround(node);
    if (block && around !== block) {
      pieces.push({ node: null, start: length, text: BREAK });
      length += BREAK.length;
    }
    block = around;
    pieces.push({ node, start: length, text: node.data });
    length += node.data.length;
  }
  return pieces;
}

/** Buttons and pictures have names that are no part of the text. */
function searched(node: Node): number {
  const skipped = node instanceof Element && node.matches("button, svg, .unseen, .message-actions");
  return skipped ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT;
}

function blockAround(node: Text): Element | null {
  let element = node.parentElement;
  while (element && INLINE.has(element.tagName)) element = element.parentElement;
  return element;
}

function rangeOf(pieces: readonly Piece[], start: number, end: number): Range | null {
  const first = pieces.find((piece) => piece.node && start < piece.start + piece.text.length && start >= piece.start);
  const last = pieces.find((piece) => piece.node && end <= piece.start + piece.text.length && end > piece.start);
  if (!first?.node || !last?.node) return null;
  const range = new Range();
  range.setStart(first.node, start - first.start);
  range.setEnd(last.node, end - last.start);
  return range;
}
