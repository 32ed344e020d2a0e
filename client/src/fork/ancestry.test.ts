import { headsAfter } from "@openmates-share/protocol/chain";
import { createChatKey, createIdentity, type Identity, sealTranscript } from "@openmates-share/protocol/crypto";
import { type Copied, proofOfSeal } from "@openmates-share/protocol/fork";
import {
  type Bytes,
  type ChatId,
  emptyTranscript,
  extendTranscript,
  type MessageId,
  newId,
  type Position,
  type SpineEntry,
  toBase64url,
} from "@openmates-share/protocol/wire";
import { beforeAll, describe, expect, it } from "vitest";
import type { RoomMessage } from "../room-state.ts";
import { packEntries } from "../spine-bytes.ts";
import { readAncestry } from "./ancestry.ts";
import type { Ancestry } from "./ancestry-state.ts";

/** A source of six messages, the fourth of which is an amendment, sealed up to the fifth. */
interface Source {
  readonly chat: ChatId;
  readonly owner: Identity;
  readonly entries: readonly SpineEntry[];
  /** Behind 0, 1, 2 … messages. */
  readonly positions: readonly Position[];
  readonly seal: unknown;
}

const digest = (byte: number): Bytes => new Uint8Array(32).fill(byte);
const KINDS = [1, 1, 2, 5, 1, 1];

async function newSource(): Promise<Source> {
  const chat = newId<ChatId>();
  const [chatKey, { identity: owner }] = await Promise.all([createChatKey(chat), createIdentity()]);
  const entries = KINDS.map((kind, i) => ({ id: newId<MessageId>(), kind, digest: digest(i) }));
  const positions = [await emptyTranscript(chat)];
  for (const entry of entries) positions.push(await extendTranscript(positions.at(-1) ?? nowhere, entry));
  const at = positions[5] ?? nowhere;
  const sealed = await sealTranscript({ chatKey, owner, seal: { ...at, title: "Rye\u202e", time: 7 } });
  const proof = await proofOfSeal({ chatKey, owner: owner.publicKey, sealed });
  const { kind, epoch, publicKey, signature, json } = proof;
  const seal = {
    kind,
    epoch,
    key: toBase64url(publicKey),
    signature: toBase64url(signature),
    replyKey: null,
    json: new TextDecoder().decode(json),
  };
  return { chat, owner, entries, positions, seal };
}

const nowhere: Position = { seq: 0, head: digest(0) };
const FORKER = newId<RoomMessage["sender"]>();
const heads = async (before: Bytes, entries: Bytes) => headsAfter(before, entries);

let source: Source;
beforeAll(async () => {
  source = await newSource();
});

interface Lie {
  readonly runs?: unknown;
  readonly entries?: readonly SpineEntry[];
  readonly length?: number;
  readonly lineages?: (honest: unknown[]) => unknown[];
}

function read({
  runs = [
    [0, 1, 3],
    [0, 5, 6],
  ],
  entries = source.entries,
  length = 6,
  ...lie
}: Lie = {}) {
  const { chat, seal } = source;
  const packed = packEntries(entries);
  const lineages = [
    { chat: 0, from: 1, entries: toBase64url(packed.slice(0, 49 * 2)) },
    { chat: 0, from: 3, entries: toBase64url(packed.slice(49 * 2)) },
  ];
  const origin = { chats: [{ chat, length, seal }], runs, first: 4, through: 6 };
  return readAncestry({ origin, lineages: lie.lineages?.(lineages) ?? lineages, owner: FORKER }, heads);
}

/** The message of that number in the source, as it stands in the fork. */
function copy(seq: number, { at, ...over }: Partial<Copied> & { at: number }): RoomMessage {
  const id = source.entries[seq - 1]?.id ?? newId<MessageId>();
  const after = source.positions[seq - 1] ?? nowhere;
  const { chat, owner } = source;
  const copied = { chat, message: id, signed: id, signer: owner.sender, edited: false, after, claim: nowhere, ...over };
  return { ...said(at), body: { type: "content", content: words, copied } };
}

const words = { type: "unknown", named: "words", json: {}, time: null, after: nowhere } as const;

function said(seq: number, sender = FORKER): RoomMessage {
  const body = { type: "content", content: words } as const;
  return { seq, id: newId<MessageId>(), sender, storedAt: 0, doubt: null, edited: null, body };
}

describe("an honest fork", () => {
  it("O9: has what was sealed and what was behind the seal, each at its place", async () => {
    const ancestry = await read();
    const stands = [1, 2, 3, 5, 6].map((seq, i) => ancestry.judge(copy(seq, { at: 4 + i })));
    expect(stands).toEqual(["sealed", "sealed", "sealed", "sealed", "signed"]);
    expect(ancestry.judge(said(9))).toBeNull();
    expect(ancestry).toMatchObject({ state: "proven", first: 4, last: 8, copies: 5, leftOut: 0, through: 6 });
    expect(ancestry.state === "proven" && ancestry.chats).toMatchObject([
      { chat: source.chat, owner: source.owner.sender, title: "Rye", sealedAt: 7, sealedThrough: 5 },
    ]);
  });

  it("O10: says how much of its source is not there", async () => {
    expect(
      await read({
        runs: [
          [0, 1, 1],
          [0, 5, 5],
        ],
      }),
    ).toMatchObject({ copies: 2, leftOut: 3 });
  });

  it("O9: has an edit at the place of its message, proved by itself", async () => {
    const ancestry = await read();
    const edit = source.entries[3]?.id ?? newId<MessageId>();
    const after = source.positions[3] ?? nowhere;
    expect(ancestry.judge(copy(2, { at: 5, edited: true, signed: edit, after }))).toBe("edited");
    expect(ancestry.judge(copy(5, { at: 7, edited: true, signed: edit, after }))).toBe("misplaced");
  });
});

describe("a lying forker is noticed", () => {
  it.each<[string, Lie, string]>([
    ["a history shorter than it says", { entries: [] }, "malformed"],
    [
      "the order turned around",
      {
        runs: [
          [0, 5, 6],
          [0, 1, 3],
        ],
      },
      "malformed",
    ],
    [
      "a message twice",
      {
        runs: [
          [0, 1, 3],
          [0, 3, 3],
        ],
      },
      "malformed",
    ],
    ["more than the source has", { runs: [[0, 1, 7]] }, "malformed"],
    ["a chat that is not named", { runs: [[1, 1, 1]] }, "malformed"],
    ["a history cut short of its seal", { length: 4, lineages: (all) => all.slice(0, 1) }, "malformed"],
    ["a history with a gap", { lineages: ([, second]) => [second] }, "malformed"],
    ["a history told twice", { lineages: ([first, second]) => [first, second, second] }, "malformed"],
  ])("O4: %s", async (_, lie, code) => {
    const changed = lie.entries ? { ...lie, entries: source.entries.slice(0, 5) } : lie;
    const ancestry = await read(changed);
    expect(ancestry).toMatchObject({ state: "refused", code });
    expect(ancestry.judge(copy(1, { at: 4 }))).toBe("misplaced");
    expect(ancestry.judge(said(4))).toBeNull();
  });

  it("O4: a message exchanged in the source's history does not lead to the seal", async () => {
    const entries = source.entries.with(1, { id: newId<MessageId>(), kind: 1, digest: digest(9) });
    expect(await read({ entries })).toMatchObject({ state: "refused", code: "seal_mismatch" });
  });

  const stranger = newId<RoomMessage["sender"]>();
  it.each<[string, () => RoomMessage, ReturnType<Ancestry["judge"]>]>([
    ["words of the forker's in a message's place", () => said(5), "unproven"],
    ["somebody else's words in a message's place", () => said(5, stranger), "misplaced"],
    ["a message at another's place", () => copy(1, { at: 5 }), "misplaced"],
    ["a message behind what was taken over", () => copy(1, { at: 9 }), "misplaced"],
    ["a message that its own amendment says to be", () => copy(4, { at: 7 }), "misplaced"],
    ["a message of a chat that is not named", () => copy(1, { at: 4, chat: newId<ChatId>() }), "misplaced"],
    ["a message that is not in the source's history", () => copy(9, { at: 4 }), "misplaced"],
    [
      "a message whose writer saw another history",
      () => copy(2, { at: 5, after: { seq: 1, head: digest(1) } }),
      "misplaced",
    ],
  ])("O9: %s", async (_, message, standing) => {
    expect((await read()).judge(message())).toBe(standing);
  });
});
