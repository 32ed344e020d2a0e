import { LIMITS, type Room } from "@openmates-share/client";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

/** Who has not said what to be called. */
export const GUEST = "Guest";

/** @throws UsageError */
export function givenName(name: string | undefined): string | null {
  if (name === undefined) return null;
  if (name.trim() === "" || name.trim().length > LIMITS.name) {
    throw new UsageError(`The name has to have 1 to ${LIMITS.name} characters.`);
  }
  return name.trim();
}

/** Who writes is not to look like nobody: as given, as known here, as the person says, or as what they are. */
export async function nameIn({ state }: Room, terminal: Terminal, given: string | null): Promise<string> {
  const known = given ?? state.people.find(({ sender }) => sender === state.me)?.name;
  const otherwise = state.role === "owner" ? "Owner" : GUEST;
  if (known && !(known === otherwise && !state.named)) return known;
  if (!terminal.interactive) return otherwise;
  const answer = (await terminal.ask(`Your name in the chat [${otherwise}]: `)).trim();
  return givenName(answer === "" ? otherwise : answer) ?? otherwise;
}
