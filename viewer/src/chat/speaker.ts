import { type ContentRole, plainLine, type RoomMessage, resemblesMate, type SenderId } from "@openmates-share/client";

/** Who speaks, as a reader tells them apart. */
export interface Speaker {
  readonly name: string;
  readonly kind: "person" | "assistant" | "mate" | "system" | "tool";
}

const KINDS = { user: "person", assistant: "assistant", system: "system", tool: "tool" } as const;

/** `fallback`: what to call a person the message gives no name to. */
export function speakerOf(options: { role: ContentRole; name: string; fallback: string }): Speaker {
  const { role, name, fallback } = options;
  const unnamed = { user: fallback, assistant: "Assistant", system: "System", tool: "Tool" }[role];
  return { name: plainLine(name) || unnamed, kind: KINDS[role] };
}

/** Only signed answers are the mate's (SPEC C7); others may bear a name like its own, brought in or chosen. */
export function badgeOf({ role, name }: { role: ContentRole; name: string }): string | null {
  if (!resemblesMate(name)) return null;
  return role === "user" ? "A person, not OpenMates" : "Brought in, not an answer given here";
}

/** The first words of a markdown text on one line, without the signs of markdown that would stand in the way. */
export function excerpt(text: string, length = 80): string {
  const line = text
    .slice(0, 4 * length)
    .replace(/^\s{0,3}(?:#{1,6}\s|>\s?|```.*)/gm, "")
    .replace(/\*\*|__|~~|`/g, "")
    .replace(/\s+/g, " ")
    .trim();
  return line.length > length ? `${line.slice(0, length).trimEnd()}…` : line;
}

/** Who wrote a message: of a copy who wrote it in the chat that it came from. */
export function authorOf({ sender, body }: RoomMessage): SenderId {
  return (body.type === "content" && body.copied?.signer) || sender;
}
