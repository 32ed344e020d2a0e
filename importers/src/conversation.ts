import {
  type Conversation,
  type ConversationMessage,
  type DraftPart,
  partText,
  type Source,
} from "@openmates-share/protocol/content";
import { embeddedAttachment } from "./attachment-name.ts";
import { cleanPart, distinctSources } from "./clean-part.ts";
import { Documents } from "./documents.ts";
import type { BranchId, BranchSummary, ImportedConversation } from "./imported-file.ts";
import { IMPORT_LIMITS } from "./limits.ts";
import { clampLine } from "./line.ts";
import { reasoning, sources } from "./part.ts";
import type { Piece, RawConversation, RawPart } from "./piece.ts";
import { splitMessage } from "./split-message.ts";
import { type BranchPath, ConversationTree, continuesTurn, nextTurn, type Turn } from "./tree.ts";

const TITLE_FROM_TEXT = 80;
const BRANCH_WORDS = 80;

/**
 * Brings what an importer found into shape: parts of one answer become one message, titles and names fit their limits,
 * messages that are too large become several. Null when nothing is said in it. The branch is one of `branchesOf`;
 * without one it is what was on screen.
 */
export function shapeConversation(raw: RawConversation, branch?: BranchId): Conversation | null {
  const tree = new ConversationTree(raw);
  const along = branch !== undefined && /^\d{1,9}$/.test(branch) ? tree.pathTo(Number(branch)) : [];
  return shapePath(raw, along.length > 0 ? along : tree.shownPath());
}

/** The list entry of a conversation that is converted when asked for; null when nothing is said in it. */
export function importedConversation(convert: () => RawConversation | null): ImportedConversation | null {
  const raw = convert();
  if (!raw) return null;
  const tree = new ConversationTree(raw);
  const shaped = shapePath(raw, tree.shownPath());
  if (!shaped) return null;
  const { title, messages } = shaped;
  return {
    title,
    time: raw.time ?? messages.findLast((message) => message.time !== null)?.time ?? null,
    messageCount: messages.length,
    branches: branchSummaries(tree.branches()),
    read: (branch) => converted(convert, branch),
  };
}

/** Converted again when it is read, and not kept before: an export of years would otherwise be in memory twice. */
function converted(convert: () => RawConversation | null, branch?: BranchId): Conversation {
  const raw = convert();
  const shaped = raw && shapeConversation(raw, branch);
  if (!shaped) throw new Error("A conversation of an unchanged file was there once and is no longer.");
  return shaped;
}

/** Ends of one branch have their first words in common: those are looked for once. */
function branchSummaries(paths: readonly BranchPath[]): BranchSummary[] {
  const words = new Map<Piece, string>();
  return paths.map(({ leaf, shared, turns, first, last }) => {
    const known = words.get(first) ?? firstWords(first);
    words.set(first, known);
    return { id: String(leaf), after: shared, messageCount: turns, time: last.time ?? first.time, words: known };
  });
}

/** What was said comes before what was thought or handed to a tool. */
function firstWords({ parts }: Piece): string {
  for (const part of [...parts.filter(({ type }) => type === "markdown"), ...parts]) {
    const text = part.type === "version" ? (part.title ?? part.changes[0]?.to ?? "") : "text" in part ? part.text : "";
    const words = clampLine(text, BRANCH_WORDS);
    if (words !== "") return words;
  }
  return "";
}

function shapePath(raw: RawConversation, path: readonly Piece[]): Conversation | null {
  const messages = joinTurns(path).flatMap(splitMessage);
  const first = messages.find((message) => message.role === "user") ?? messages[0];
  if (!first) return null;
  const title = clampLine(raw.title, IMPORT_LIMITS.title) || titleFrom(first.parts);
  if (!messages.some(holdsBytes)) return { title, messages };
  return { title, messages, attachment: async (source) => embeddedAttachment(source) };
}

/** Whether bytes of pictures or files stand in the message itself. */
function holdsBytes({ parts }: ConversationMessage): boolean {
  return parts.some((part) => "source" in part && part.source?.startsWith("data:") === true);
}

/** One message for each turn: an answer's text, its tool calls and their results are one message of the assistant's. */
function joinTurns(path: readonly Piece[]): ConversationMessage[] {
  const documents = new Documents();
  const turns: { pieces: Piece[]; parts: DraftPart[] }[] = [];
  let open: Turn | null = null;
  for (const piece of path) {
    const goesOn: boolean = open !== null && continuesTurn(open, piece);
    open = nextTurn(goesOn ? open : null, piece);
    const parts = piece.parts.map((part) => settled(part, documents));
    const turn = turns.at(-1);
    if (goesOn && turn) {
      turn.pieces.push(piece);
      for (const part of parts) turn.parts.push(part);
    } else turns.push({ pieces: [piece], parts });
  }
  return turns.map(({ pieces, parts }) => joinTurn(pieces, settleParts(parts)));
}

function settled(part: RawPart, documents: Documents): DraftPart {
  if (part.type !== "version") return part;
  const document = documents.next(part);
  return cleanPart(document) ?? document;
}

function joinTurn(pieces: readonly Piece[], parts: readonly DraftPart[]): ConversationMessage {
  const speaker = pieces.find((piece) => piece.role !== "tool") ?? pieces[0];
  const model = pieces.findLast((piece) => piece.model !== null)?.model ?? null;
  return {
    role: speaker?.role ?? "tool",
    name: clampLine(speaker?.name ?? "", IMPORT_LIMITS.name),
    parts,
    time: pieces.find((piece) => piece.time !== null)?.time ?? null,
    model: model === null ? null : clampLine(model, IMPORT_LIMITS.model) || null,
  };
}

/** Thoughts that follow each other are one part, and what was cited anywhere in a message stands at its end. */
function settleParts(parts: readonly DraftPart[]): DraftPart[] {
  const settledParts: DraftPart[] = [];
  for (const part of parts) {
    if (part.type === "sources") continue;
    if (part.type === "reasoning") addThought(settledParts, part);
    else settledParts.push(part);
  }
  const cited = parts.flatMap((part): readonly Source[] => (part.type === "sources" ? part.sources : []));
  if (cited.length > 0) settledParts.push(sources(distinctSources(cited)));
  return settledParts;
}

function addThought(parts: DraftPart[], thought: DraftPart & { readonly type: "reasoning" }): void {
  const before = parts.at(-1);
  if (thought.text === "") timeThoughts(parts, thought.seconds ?? 0);
  else if (before?.type !== "reasoning" || before.seconds !== null) parts.push(thought);
  else parts[parts.length - 1] = { ...thought, text: `${before.text}\n\n${thought.text}` };
}

/** How long a model thought is told behind its thoughts, also where tools were used in between, or without any. */
function timeThoughts(parts: DraftPart[], seconds: number): void {
  const index = parts.findLastIndex((part) => part.type === "reasoning");
  const thoughts = parts[index];
  if (thoughts?.type === "reasoning" && thoughts.seconds === null) parts[index] = { ...thoughts, seconds };
  else parts.push(reasoning(`Thought for ${seconds === 1 ? "1 second" : `${seconds} seconds`}`, seconds));
}

function titleFrom(parts: readonly DraftPart[]): string {
  const text = parts.map(partText).find((one) => one.trim() !== "") ?? "";
  const line = text.split("\n", 40).find((candidate) => /[\p{L}\p{N}]/u.test(candidate)) ?? "";
  const bare = line.replace(/^[\s#>*_`~-]+/u, "");
  return clampLine(bare, TITLE_FROM_TEXT) || "Conversation";
}
