import type { DraftPart } from "@openmates-share/protocol/content";
import { IMPORT_LIMITS } from "./limits.ts";
import { clampLine } from "./line.ts";
import { document } from "./part.ts";
import type { DocumentChange, DocumentVersion } from "./piece.ts";

interface Kept {
  readonly title: string;
  readonly language: string | null;
  readonly text: string;
}

/**
 * Characters that the documents of one conversation may come to, all versions together. Beyond it only the changed
 * passages are shown: a thousand changes of a long document would be a thousand copies of it, and a file made to do harm
 * can let one grow with every change.
 */
const MOST_CHARACTERS = 4_000_000;

/** The documents along one path: each version is shown as it was after its changes, the way it stood on screen. */
export class Documents {
  readonly #kept = new Map<string, Kept>();
  #left = MOST_CHARACTERS;

  /** The document as this version leaves it, or the passages alone where the document is not known. */
  next(version: DocumentVersion): DraftPart {
    const before = this.#kept.get(version.id);
    const title = clampLine(version.title ?? before?.title ?? "", IMPORT_LIMITS.title);
    const language = version.language === undefined ? (before?.language ?? null) : version.language;
    const text = this.#changed(before?.text ?? null, version.changes);
    if (text === null) {
      const passages = version.changes.map(({ to }) => to).join("\n\n…\n\n");
      return document(title === "" ? "Changed passage" : `${title} (changed passage)`, passages, language);
    }
    this.#kept.set(version.id, { title, language, text });
    return document(title || "Untitled", text, language);
  }

  /** Null when a passage is not found, or when there is no room. */
  #changed(before: string | null, changes: readonly DocumentChange[]): string | null {
    let text = before;
    for (const change of changes) {
      this.#left -= (text?.length ?? 0) + change.to.length;
      if (this.#left < 0) return null;
      text = change.from === null ? change.to : text === null ? null : replaced(text, change, this.#left);
      if (text === null) return null;
    }
    return text;
  }
}

/** Null when the passage is not there, or the result would be longer than `most`. */
function replaced(text: string, { from, to, everywhere }: DocumentChange, most: number): string | null {
  if (from === null || from === "") return null;
  const at = text.indexOf(from);
  if (at < 0) return null;
  if (!everywhere) return text.slice(0, at) + to + text.slice(at + from.length);
  const passages = text.split(from);
  if (text.length + (passages.length - 1) * to.length > most) return null;
  return passages.join(to);
}
