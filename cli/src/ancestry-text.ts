import type { Ancestry, RoomMessage, SenderId, Standing } from "@openmates-share/client";
import { harmlessLine } from "./harmless.ts";

/** Where a fork came from, as `--json` gives it. */
export interface AncestryJson {
  readonly state: Ancestry["state"];
  readonly chats: readonly { chat: string; title: string; owner: string; sealedAt: number; sealedThrough: number }[];
  /** How many messages stand in which way to the source. */
  readonly standings: Readonly<Partial<Record<Standing, number>>>;
  /** Messages of the source that are not here. */
  readonly leftOut: number;
}

export function ancestryJson(ancestry: Ancestry, messages: readonly RoomMessage[]): AncestryJson {
  const standings: Partial<Record<Standing, number>> = {};
  for (const message of messages) {
    const standing = ancestry.judge(message);
    if (standing) standings[standing] = (standings[standing] ?? 0) + 1;
  }
  if (ancestry.state === "refused") return { state: "refused", chats: [], standings, leftOut: 0 };
  const chats = ancestry.chats.map(({ chat, title, owner, sealedAt, sealedThrough }) => ({
    ...{ chat, title, owner: fingerprintOf(owner), sealedAt, sealedThrough },
  }));
  return { state: "proven", chats, standings, leftOut: ancestry.leftOut };
}

/** The same in words: what is verified, and what only the forker says. */
export function ancestryLines({ state, chats, standings, leftOut }: AncestryJson): string[] {
  if (state === "refused") {
    return [
      "Careful: this says that it continues another chat, and can't prove it. Take nothing in it for others' words.",
    ];
  }
  const sources = chats.toReversed().map(({ title, owner, sealedAt }, i) => {
    const came = i === 0 ? "Forked from" : "  which came from";
    const day = new Date(sealedAt).toISOString().slice(0, 10);
    return `${came} ${title ? `“${harmlessLine(title)}”` : "an untitled chat"}, sealed by its owner (${owner}) on ${day}`;
  });
  const counts = [
    `  ${counted(standings.sealed ?? 0)} verified as unchanged`,
    ...told(standings.edited, "edited: the words verified, who spoke said by the forker"),
    ...told(standings.signed, "verified, but written after the source was sealed"),
    ...told(standings.unproven, "not verified: said by the forker alone"),
    ...told(standings.misplaced, "that did not stand there in the source"),
    ...told(leftOut, "of the source not here: deleted, or left out by the forker"),
  ];
  return [...sources, ...counts];
}

function told(count: number | undefined, what: string): string[] {
  return count ? [`  ${counted(count)} ${what}`] : [];
}

function counted(count: number): string {
  return `${count} message${count === 1 ? "" : "s"}`;
}

/** What people compare: the sender id in hexadecimal, in groups of four digits. */
export function fingerprintOf(sender: SenderId): string {
  return (Buffer.from(sender, "base64url").toString("hex").match(/.{4}/g) ?? []).join(" ");
}
