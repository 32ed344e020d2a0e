import type { Ancestry, AncestryChat, ChatId, Room } from "@openmates-share/client";
import { useEffect, useState } from "preact/hooks";
import { counted, fullTime } from "../app/dates.ts";
import { fingerprintOf } from "../chat/fingerprint.ts";
import { type Counted, countStandings } from "./count-standings.ts";
import { titleOf } from "./source-title.tsx";

type Proven = Extract<Ancestry, { state: "proven" }>;
type Knows = ((chat: ChatId, key: AncestryChat["publicKey"]) => Promise<boolean | null>) | null;

interface AncestryDetailsProps {
  readonly room: Pick<Room, "read">;
  readonly ancestry: Proven;
  /** Whether a chat that one has is that key's owner's; null for a chat that one doesn't have. */
  readonly knows: Knows;
}

/** What was verified of a fork, what only the forker says, and whom to compare keys with. */
export function AncestryDetails({ room, ancestry, knows }: AncestryDetailsProps) {
  const count = useCount(room, ancestry);
  const [source, ...before] = ancestry.chats.toReversed();
  return (
    <div class="integrity-details">
      <div role="status">
        {count === null ? <p>Checking each message…</p> : <Counts count={count} ancestry={ancestry} />}
      </div>
      {source && <Source chat={source} name="Forked from" knows={knows} />}
      {before.map((chat) => (
        <Source key={chat.chat} chat={chat} name="Which came from" knows={knows} />
      ))}
      <p class="hint">
        Your browser checked the signatures of everybody who wrote in the source, and the seal of its owner. It can’t
        know whether that is who you think: compare the fingerprint of the key with them. What was edited or deleted
        there after it was copied shows here as it was.
      </p>
    </div>
  );
}

/** Null until all is read once. */
function useCount(room: Pick<Room, "read">, ancestry: Proven): Counted | "failed" | null {
  const [count, setCount] = useState<Counted | "failed" | null>(null);
  useEffect(() => {
    const controller = new AbortController();
    countStandings(room, { ancestry, signal: controller.signal }).then(
      (counted) => !controller.signal.aborted && setCount(counted),
      () => !controller.signal.aborted && setCount("failed"),
    );
    return () => controller.abort();
  }, [room, ancestry]);
  return count;
}

function Counts({ count, ancestry }: { count: Counted | "failed"; ancestry: Proven }) {
  if (count === "failed") return <p>Not all messages could be read. Please check your connection.</p>;
  return (
    <ul class="bullets">
      <li>
        <b>{counted(count.sealed, "message")} verified as unchanged:</b> signed by who wrote them, in this order, and
        sealed by the owner of the source
      </li>
      {count.edited > 0 && (
        <li>
          {counted(count.edited, "edited message")}: the words are verified; who spoke, and when, is said by who forked
          it
        </li>
      )}
      {count.signed > 0 && (
        <li>{counted(count.signed, "message")} verified, but written after the source was last sealed</li>
      )}
      {count.unproven > 0 && (
        <li class="bad">
          <b>{counted(count.unproven, "message")} not verified:</b> said by who forked it, and nobody else
        </li>
      )}
      {count.misplaced > 0 && (
        <li class="bad">
          <b>{counted(count.misplaced, "message")}</b> that did not stand in the source where they stand here
        </li>
      )}
      {count.broken > 0 && (
        <li class="bad">
          <b>{counted(count.broken, "message")}</b> that can’t be shown, because they are not what was signed
        </li>
      )}
      {ancestry.leftOut > 0 && (
        <li>
          {counted(ancestry.leftOut, "message")} of the source not here: deleted there, or left out by who forked it
        </li>
      )}
    </ul>
  );
}

function Source({ chat, name, knows }: { chat: AncestryChat; name: string; knows: Knows }) {
  return (
    <dl>
      <div>
        <dt>{name}</dt>
        <dd>{titleOf(chat)}</dd>
      </div>
      <div>
        <dt>Sealed</dt>
        <dd>
          {fullTime(chat.sealedAt)}, by the owner’s clock, up to message {chat.sealedThrough.toLocaleString()}
        </dd>
      </div>
      <div>
        <dt>Its owner’s key</dt>
        <dd>
          <code>{fingerprintOf(chat.owner)}</code>
          <Known chat={chat} knows={knows} />
        </dd>
      </div>
    </dl>
  );
}

/** Who has the source's link knows better than any fork whose chat it is. */
function Known({ chat, knows }: { chat: AncestryChat; knows: Knows }) {
  const [known, setKnown] = useState<boolean | null>(null);
  useEffect(() => {
    knows?.(chat.chat, chat.publicKey).then(setKnown, () => undefined);
  }, [knows, chat]);
  if (known === null) return null;
  return known ? (
    <p class="hint">You have that chat too: this key is or was its owner’s.</p>
  ) : (
    <p class="bad" role="alert">
      <b>You have that chat too, and its owner has another key.</b> Unless it was handed over since you last opened it,
      whoever forked it made the source up.
    </p>
  );
}
