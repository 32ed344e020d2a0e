import { importedConversation } from "../src/conversation.ts";
import type { Piece, RawConversation } from "../src/piece.ts";

const ROLES = { u: "user", a: "assistant", t: "tool" } as const;
type Letter = keyof typeof ROLES;

/** A piece that says its number: of a user (`u`), an assistant (`a`) or a tool (`t`). */
export function pieceOf(letter: string, index: number): Piece | null {
  if (!(letter in ROLES)) return null;
  return {
    role: ROLES[letter as Letter],
    name: "",
    parts: [{ type: "markdown", text: String(index) }],
    time: null,
    model: null,
  };
}

/** A conversation by the parents of its nodes and a letter for each; any other letter is a node that was not on screen. */
export function rawOf(parents: readonly number[], { roles, shown }: { roles: string; shown: number }): RawConversation {
  const nodes = parents.map((parent, index) => ({ parent, piece: pieceOf(roles[index] ?? "", index) }));
  return { title: "", time: null, nodes, shown };
}

export function branchesOf(raw: RawConversation) {
  return importedConversation(() => raw)?.branches.map(({ time: _, ...branch }) => branch);
}
