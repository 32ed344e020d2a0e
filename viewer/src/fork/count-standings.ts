import type { Ancestry, Room, Standing } from "@openmates-share/client";

/** How many messages of a fork stand in which way to its source. */
export type Counted = Readonly<Record<Standing | "broken", number>>;

/** Reads all that was taken over, checking each message. @throws ClientError `aborted`, `unreachable` and other codes */
export async function countStandings(
  room: Pick<Room, "read">,
  { ancestry, signal }: { ancestry: Extract<Ancestry, { state: "proven" }>; signal: AbortSignal },
): Promise<Counted> {
  const count = { sealed: 0, edited: 0, signed: 0, unproven: 0, misplaced: 0, broken: 0 };
  const inside = (seq: number) => seq >= ancestry.first && seq <= ancestry.last;
  for await (const page of room.read({ signal })) {
    for (const message of page) {
      const standing = ancestry.judge(message);
      if (standing) count[standing]++;
      else if (message.body.type === "broken" && inside(message.seq)) count.broken++;
    }
  }
  return count;
}
