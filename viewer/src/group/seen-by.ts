import type { Person, RoomMessage, SenderId } from "@openmates-share/client";

/** What people read: what was said, and not that somebody came or changed something. */
export function isRead({ body }: Pick<RoomMessage, "body">): boolean {
  return body.type === "reply" || (body.type === "content" && body.content.type === "message");
}

/**
 * Who has read how far, at the last message they have read, by its number. Nobody is named at a message of their own: that they
 * know it goes without saying.
 */
export function seenBy<Reader extends Pick<Person, "sender" | "readThrough">>(options: {
  people: readonly Reader[];
  /** In order; there may be gaps. */
  messages: readonly Pick<RoomMessage, "seq" | "sender" | "body">[];
  me: SenderId | null;
}): ReadonlyMap<number, readonly Reader[]> {
  const { people, me } = options;
  const messages = options.messages.filter(isRead);
  const seen = new Map<number, Reader[]>();
  for (const person of people) {
    if (person.sender === me || person.readThrough === 0) continue;
    const last = messages.findLast(({ seq }) => seq <= person.readThrough);
    if (last && last.sender !== person.sender) seen.set(last.seq, [...(seen.get(last.seq) ?? []), person]);
  }
  return seen;
}
