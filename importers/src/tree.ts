import { cleanPart } from "./clean-part.ts";
import type { Piece, RawConversation } from "./piece.ts";

/** A way through a conversation that was tried and is not the one on screen: a regenerated answer, an edited question. */
export interface BranchPath {
  /** The index of its last node. */
  readonly leaf: number;
  /** How many turns it has in common with the shown path. */
  readonly shared: number;
  /** How many turns it has beyond those. */
  readonly turns: number;
  /** Its first node that is not on the shown path. */
  readonly first: Piece;
  readonly last: Piece;
}

/**
 * The paths through a conversation's tree, of pieces that say something. Built in one pass over the nodes, whatever their shape: sources can be damaged
 * or made to do harm, so there may be loops, any depth and any number of ends.
 */
export class ConversationTree {
  readonly #pieces: readonly (Piece | null)[];
  /** The nearest node before it that says something, or -1. */
  readonly #before: Int32Array;
  /** Indices with every node behind the one before it. */
  readonly #order: readonly number[];
  /** The last node of the shown path that says something, or -1. */
  readonly #shown: number;

  constructor({ nodes, shown }: RawConversation) {
    this.#pieces = nodes.map(({ piece }) => piece && cleanPiece(piece));
    const parents = Int32Array.from(nodes, ({ parent }) => (parent >= 0 && parent < nodes.length ? parent : -1));
    this.#order = withoutLoops(parents, shown);
    this.#before = parents;
    this.#skipSilent();
    const end = shown >= 0 && shown < nodes.length ? this.#speaking(shown) : -1;
    // The current node can be a hidden one aside of everything that was said.
    this.#shown = end >= 0 ? end : this.#newestEnd();
  }

  /** What was on screen, oldest first. */
  shownPath(): Piece[] {
    return this.#pathTo(this.#shown);
  }

  /** The path that ends with a node; empty when there is no such node. */
  pathTo(leaf: number): Piece[] {
    return Number.isInteger(leaf) && leaf >= 0 && leaf < this.#pieces.length ? this.#pathTo(this.#speaking(leaf)) : [];
  }

  /** Every path that is not shown, in the order of the source. */
  branches(): BranchPath[] {
    const shownNext = this.#shownNext();
    const { fork, first } = this.#forks(shownNext);
    const turns = this.#turns();
    return this.#ends().flatMap((leaf) => {
      const start = at(first, leaf);
      const [firstPiece, last] = [this.#pieces[start], this.#pieces[leaf]];
      if (!firstPiece || !last) return [];
      const goesOn = shownNext.get(at(fork, leaf)) ?? -1;
      // A path that leaves within an answer has another answer in its place.
      const within = turns.goesOn[start] === 1 || turns.goesOn[goesOn] === 1;
      const shared = Math.max(at(turns.count, at(fork, leaf), 0) - (within ? 1 : 0), 0);
      return [{ leaf, shared, turns: at(turns.count, leaf, 0) - shared, first: firstPiece, last }];
    });
  }

  /** For each node: the last one of the shown path on the way to it, and the first one behind that; -1 for none. */
  #forks(shownNext: ReadonlyMap<number, number>): { fork: Int32Array; first: Int32Array } {
    const fork = new Int32Array(this.#pieces.length).fill(-1);
    const first = new Int32Array(this.#pieces.length).fill(-1);
    for (const index of this.#order) {
      const before = at(this.#before, index);
      if (shownNext.has(index)) continue;
      const leaves = before < 0 || shownNext.has(before);
      fork[index] = leaves ? before : at(fork, before);
      first[index] = leaves ? index : at(first, before);
    }
    return { fork, first };
  }

  /** The nodes that say something and have none behind them that do. */
  #ends(): number[] {
    const ends = Uint8Array.from(this.#pieces, (piece) => (piece ? 1 : 0));
    this.#pieces.forEach((piece, index) => {
      const before = at(this.#before, index);
      if (piece && before >= 0) ends[before] = 0;
    });
    return [...ends.keys()].filter((index) => ends[index] === 1);
  }

  #pathTo(end: number): Piece[] {
    const path: Piece[] = [];
    for (let index = end; index >= 0; index = at(this.#before, index)) {
      const piece = this.#pieces[index];
      if (piece) path.push(piece);
    }
    return path.reverse();
  }

  #speaking(index: number): number {
    return this.#pieces[index] ? index : at(this.#before, index);
  }

  /** Makes `#before` name nodes that say something only. */
  #skipSilent(): void {
    for (const index of this.#order) {
      const before = at(this.#before, index);
      if (before >= 0 && !this.#pieces[before]) this.#before[index] = at(this.#before, before);
    }
  }

  /** The end whose piece is the youngest; the last of several. */
  #newestEnd(): number {
    let newest = { index: -1, time: -1 };
    for (const index of this.#ends()) {
      const time = this.#pieces[index]?.time ?? 0;
      if (time >= newest.time) newest = { index, time };
    }
    return newest.index;
  }

  /** Each node of the shown path with the one behind it; -1 behind the last. */
  #shownNext(): Map<number, number> {
    const next = new Map<number, number>();
    let behind = -1;
    for (let index = this.#shown; index >= 0; index = at(this.#before, index)) {
      next.set(index, behind);
      behind = index;
    }
    return next;
  }

  /** For each node: the turns on the way to it, and whether it goes on with the turn before it. */
  #turns(): { count: Int32Array; goesOn: Uint8Array } {
    const count = new Int32Array(this.#pieces.length);
    const goesOn = new Uint8Array(this.#pieces.length);
    const turns = new Map<number, Turn>();
    for (const index of this.#order) {
      const piece = this.#pieces[index];
      if (!piece) continue;
      const before = at(this.#before, index);
      const turn = turns.get(before) ?? null;
      const same = turn !== null && continuesTurn(turn, piece);
      goesOn[index] = same ? 1 : 0;
      count[index] = at(count, before, 0) + (same ? 0 : 1);
      turns.set(index, nextTurn(same ? turn : null, piece));
    }
    return { count, goesOn };
  }
}

function at(array: Int32Array, index: number, otherwise = -1): number {
  return array[index] ?? otherwise;
}

/** Null for a piece that says nothing. */
function cleanPiece(piece: Piece): Piece | null {
  const parts = piece.parts
    .map((part) => (part.type === "version" ? part : cleanPart(part)))
    .filter((part) => part !== null);
  return parts.length === 0 ? null : { ...piece, parts };
}

/** What a piece has to know of the turn before it. */
export interface Turn {
  readonly answer: boolean;
  /** The assistant's name; null as long as only tools spoke. */
  readonly speaker: string | null;
}

/** Whether a piece belongs to the answer before it: text, tool calls and their results are one message. */
export function continuesTurn(turn: Turn, piece: Piece): boolean {
  if (!turn.answer || !isAnswer(piece)) return false;
  return piece.role === "tool" || turn.speaker === null || turn.speaker === piece.name;
}

export function nextTurn(turn: Turn | null, piece: Piece): Turn {
  const speaker = turn?.speaker ?? (piece.role === "assistant" ? piece.name : null);
  return { answer: isAnswer(piece), speaker };
}

const isAnswer = (piece: Piece) => piece.role === "assistant" || piece.role === "tool";

/** How far a node has been followed. */
const OPEN = 1;
const DONE = 2;

/** Cuts every loop of `parents` at one place and gives the nodes in an order with parents first; the shown path comes whole. */
function withoutLoops(parents: Int32Array, shown: number): number[] {
  const state = new Uint8Array(parents.length);
  const order: number[] = [];
  const follow = (start: number) => {
    const way: number[] = [];
    for (let index = start; index >= 0 && state[index] === 0; index = at(parents, index)) {
      state[index] = OPEN;
      way.push(index);
    }
    const root = way.at(-1);
    if (root !== undefined && state[at(parents, root)] === OPEN) parents[root] = -1;
    for (const index of way.reverse()) {
      state[index] = DONE;
      order.push(index);
    }
  };
  follow(shown);
  for (let index = 0; index < parents.length; index += 1) follow(index);
  return order;
}
