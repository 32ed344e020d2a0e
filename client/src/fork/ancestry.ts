import {
  type Copied,
  checkAncestor,
  type Lineage,
  type Origin,
  openAncestor,
  type ProvenSeal,
  parseLineage,
  parseOrigin,
  type Run,
} from "@openmates-share/protocol/fork";
import {
  type ChatId,
  emptyTranscript,
  equalBytes,
  type Position,
  ProtocolError,
  plainLine,
  type SenderId,
} from "@openmates-share/protocol/wire";
import { Chain } from "../chain.ts";
import type { MessageOpener } from "../opener.ts";
import type { RoomMessage } from "../room-state.ts";
import { unpackEntries } from "../spine-bytes.ts";
import type { Ancestry, AncestryChat, Standing } from "./ancestry-state.ts";

/** The amendments at a chat's beginning that say where it came from, as far as they are its owner's. */
export interface OriginMessages {
  readonly origin: unknown;
  readonly lineages: readonly unknown[];
  readonly owner: SenderId;
}

interface Source {
  readonly chat: ChatId;
  readonly seal: ProvenSeal;
  readonly chain: Chain;
}

/** Verifies where a fork says it came from. What doesn't add up is refused as a whole, and said. */
export async function readAncestry(
  { origin, lineages, owner }: OriginMessages,
  heads: MessageOpener["heads"],
): Promise<Ancestry> {
  try {
    return await verifyOrigin({ origin: parseOrigin(origin), lineages: lineages.map(parseLineage), owner }, heads);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return { state: "refused", code: error.code, message: error.message, judge: refused };
  }
}

/** SPEC O3 and O4. @throws ProtocolError `bad_signature`, `seal_mismatch`, `malformed`, `unsupported_kind` */
export async function verifyOrigin(
  { origin, lineages, owner }: { origin: Origin; lineages: readonly Lineage[]; owner: SenderId },
  heads: MessageOpener["heads"],
): Promise<Ancestry> {
  const sources = await openSources(origin, { lineages, heads });
  requireForward(origin.runs, sources);
  return describe(origin, { sources, owner });
}

async function openSources(
  { chats }: Origin,
  { lineages, heads }: { lineages: readonly Lineage[]; heads: MessageOpener["heads"] },
): Promise<readonly Source[]> {
  const seals = await Promise.all(chats.map(openAncestor));
  const chains = await Promise.all(chats.map(async ({ chat }) => new Chain(await emptyTranscript(chat))));
  for (const { chat, from, entries } of lineages) {
    const chain = chains[chat];
    if (chain?.end.seq !== from - 1) throw strange();
    const unique = chain.add(unpackEntries(entries), await heads(chain.end.head, entries));
    if (!unique) throw strange();
  }
  return chats.map(({ chat, length }, i) => {
    const [seal, chain] = [seals[i], chains[i]];
    if (!seal || !chain || chain.end.seq !== length) throw strange();
    checkAncestor(seal, { length, headAt: (seq) => chain.positionAt(seq)?.head ?? new Uint8Array(0) });
    return { chat, seal, chain };
  });
}

/** Nothing is told in another order than it was said in. */
function requireForward(runs: readonly Run[], sources: readonly Source[]): void {
  const ends = sources.map(() => 0);
  for (const { chat, from, to } of runs) {
    const source = sources[chat];
    if (!source || from <= (ends[chat] ?? 0) || to > source.chain.end.seq) throw strange();
    ends[chat] = to;
  }
}

function describe(origin: Origin, { sources, owner }: { sources: readonly Source[]; owner: SenderId }): Ancestry {
  const starts: number[] = [];
  let copies = 0;
  for (const { from, to } of origin.runs) {
    starts.push(copies);
    copies += to - from + 1;
  }
  const { first, through } = origin;
  const source = sources.at(-1);
  if (!source) throw strange();
  const spoken = source.chain.messagesTo(through);
  return {
    state: "proven",
    chats: sources.map(describeSource),
    first,
    last: first + copies - 1,
    through,
    copies,
    leftOut: Math.max(spoken - copies, 0),
    sourceSeqOf: ({ seq }) => (seq < first || seq >= first + copies ? null : (placeOf(seq - first)?.seq ?? null)),
    judge: (message) => judge(message, { owner, first, copies, at: (index) => placeOf(index) }),
  };

  function placeOf(index: number): { source: Source; seq: number } | null {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    const run = origin.runs[low];
    const found = run && sources[run.chat];
    return run && found ? { source: found, seq: run.from + index - (starts[low] ?? 0) } : null;
  }
}

function describeSource({ chat, seal }: Source): AncestryChat {
  const { owner, publicKey, title, time, seq } = seal;
  return { chat, owner, publicKey, title: plainLine(title), sealedAt: time, sealedThrough: seq };
}

interface Block {
  readonly owner: SenderId;
  readonly first: number;
  readonly copies: number;
  readonly at: (index: number) => { source: Source; seq: number } | null;
}

/** How a message of the fork stands to what it came from; null for what is the fork's own. */
function judge({ seq, sender, body }: RoomMessage, { owner, first, copies, at }: Block): Standing | null {
  if (body.type === "broken" || body.type === "redacted") return null;
  const { copied } = body;
  const index = seq - first;
  if (index < 0 || index >= copies) return copied ? "misplaced" : null;
  if (sender !== owner) return "misplaced";
  if (!copied) return "unproven";
  const place = at(index);
  return place ? standingAt(copied, place) : "misplaced";
}

function standingAt(copied: Copied, { source, seq }: { source: Source; seq: number }): Standing {
  const { chat, chain, seal } = source;
  const signedAt = chain.seqOf(copied.signed);
  if (copied.chat !== chat || chain.seqOf(copied.message) !== seq || signedAt === null) return "misplaced";
  if (copied.edited ? signedAt <= seq : signedAt !== seq) return "misplaced";
  if (copied.after && !fits(copied.after, { chain, signedAt })) return "misplaced";
  if (signedAt > seal.seq) return "signed";
  return copied.edited ? "edited" : "sealed";
}

/** Its writer had verified the history that the fork names, as far as they got (SPEC T4). */
function fits(after: Position, { chain, signedAt }: { chain: Chain; signedAt: number }): boolean {
  const then = chain.positionAt(after.seq);
  return after.seq < signedAt && then !== null && equalBytes(then.head, after.head);
}

function refused({ body }: RoomMessage): Standing | null {
  return "copied" in body && body.copied ? "misplaced" : null;
}

function strange(): ProtocolError {
  return new ProtocolError("malformed", "What this fork says of its source does not add up.");
}
