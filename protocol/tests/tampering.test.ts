import { beforeAll, describe, expect, it } from "vitest";
import {
  createReplyKey,
  loadChatKey,
  openDelta,
  openLinkLabel,
  openMessage,
  openReply,
  openReplyStream,
  openSeal,
  replyEnvelope,
  sealDelta,
  sealLinkLabel,
  sealMessage,
  sealReply,
  sealTranscript,
  unwrapChatKey,
  unwrapReplyKey,
  wrapChatKey,
  wrapReplyKey,
} from "../src/crypto/index.ts";
import { createLinkKey, deriveWrapKey, identifyLink } from "../src/link/index.ts";
import {
  type AskId,
  type Bytes,
  idBytes,
  idFromBytes,
  type MessageId,
  newId,
  type SenderId,
  type StreamId,
} from "../src/wire/index.ts";
import { bitFlips, type Cast, codeOf, codesOf, newCast, textContent } from "./cast.ts";

/** Ids with one bit altered. */
function* otherIds<T extends MessageId>(id: T): Generator<T> {
  for (const bytes of bitFlips(idBytes(id))) yield idFromBytes<T>(bytes);
}

/** How an envelope of epoch 1 is refused for each of its altered bits; `rest` are those behind the header. */
function frameCodes(rest: number): Map<string, number> {
  return new Map([
    ["unsupported_version", 8],
    // Unknown kinds, and known ones that don't belong there.
    ["unsupported_kind", 8],
    // The lowest bit of the epoch gives 0, the highest one too many; the other thirty are epochs without a key.
    ["malformed", 2],
    ["wrong_epoch", 30],
    ["wrong_key", rest],
  ]);
}

let cast: Cast;
let ask: AskId;
let replyKey: Bytes;
let wrapped: Bytes;
let reply: Bytes;
beforeAll(async () => {
  cast = await newCast();
  ask = newId<AskId>();
  replyKey = createReplyKey();
  wrapped = await wrapReplyKey({ chatKey: cast.chatKey, ask, replyKey });
  reply = await sealReply({
    chat: cast.chat,
    ask,
    epoch: 1,
    replyKey,
    wrappedReplyKey: wrapped,
    service: cast.owner,
    reply: {
      type: "reply",
      text: "Hello",
      replyTo: newId<MessageId>(),
      model: "m",
      demo: false,
      ended: "complete",
      given: { count: 0, offered: 0, hash: new Uint8Array(32) },
      time: 1,
    },
  });
});

describe("a message", () => {
  let message: MessageId;
  let envelope: Bytes;
  beforeAll(async () => {
    message = newId<MessageId>();
    envelope = await sealMessage({ ...cast, identity: cast.member, message, content: textContent("Hello") });
  });
  const open = (over: Partial<Parameters<typeof openMessage>[0]>) =>
    openMessage({ chatKey: cast.chatKey, message, sender: cast.member.sender, envelope, ...over });

  it("E1: comes back with its writer's key", async () => {
    expect(await open({})).toEqual({ content: textContent("Hello"), publicKey: cast.member.publicKey });
  });

  it("E3: every altered bit is refused", async () => {
    const codes = await codesOf(bitFlips(envelope), (envelope) => open({ envelope }));
    const expected = frameCodes((envelope.length - 6) * 8);
    // One of the bits makes an amendment of it, which may stand among messages too: then it does not open.
    expected.set("unsupported_kind", 7).set("wrong_key", (expected.get("wrong_key") ?? 0) + 1);
    expect(codes).toEqual(expected);
  });

  it("E3: every cut is refused", async () => {
    const cuts = Array.from(envelope, (_, length) => envelope.subarray(0, length));
    const codes = await codesOf(cuts, (envelope) => open({ envelope }));
    expect(codes).toEqual(
      new Map([
        ["malformed", 34],
        ["wrong_key", envelope.length - 34],
      ]),
    );
  });

  it("E3: every altered bit of the chat id, the message id and the sender id is refused", async () => {
    const { raw } = cast.chatKey;
    const moved = await codesOf(otherIds<never>(cast.chat as never), async (chat) =>
      open({ chatKey: await loadChatKey({ chat, epoch: 1, raw }) }),
    );
    expect(moved).toEqual(new Map([["wrong_key", 128]]));
    expect(await codesOf(otherIds(message), (message) => open({ message }))).toEqual(new Map([["wrong_key", 128]]));
    const renamed = await codesOf(otherIds<never>(cast.member.sender as never), (sender) => open({ sender }));
    expect(renamed).toEqual(new Map([["wrong_key", 128]]));
  });

  it("E3: every altered bit of the chat key is refused", async () => {
    const codes = await codesOf(bitFlips(cast.chatKey.raw), async (raw) =>
      open({ chatKey: await loadChatKey({ chat: cast.chat, epoch: 1, raw }) }),
    );
    expect(codes).toEqual(new Map([["wrong_key", 256]]));
  });

  it("E6: an envelope over the limit is refused, whatever it holds", async () => {
    expect(await codeOf(() => open({ envelope: new Uint8Array(2 ** 20 + 1) }))).toBe("too_large");
  });

  it("G3: a message that would be over the limit is not written", async () => {
    const content = textContent("x".repeat(2 ** 20));
    const options = { ...cast, identity: cast.member, message };
    expect(await codeOf(() => sealMessage({ ...options, content }))).toBe("too_large");
    // The largest Padmé length below the limit, less what stands around the text.
    const { withheld: _absentWhenFalse, ...written } = textContent("");
    const around = 96 + 4 + JSON.stringify({ ...written, after: { seq: 0, head: "A".repeat(43) } }).length;
    const largest = await sealMessage({ ...options, content: textContent("x".repeat(1_032_192 - around)) });
    expect(largest.length).toBe(1_032_192 + 34);
    expect(await codeOf(() => sealMessage({ ...options, content: textContent("x".repeat(1_032_193 - around)) }))).toBe(
      "too_large",
    );
  });

  it("G3: what readers would refuse is not written", async () => {
    const wrong = [
      { ...textContent(""), name: "x".repeat(61) },
      { ...textContent(""), time: -1 },
      { ...textContent(""), time: 8.64e15 + 1 },
      { ...textContent(""), after: { seq: -1, head: new Uint8Array(32) } },
      { ...textContent(""), after: { seq: 0, head: new Uint8Array(31) } },
    ];
    const codes = await codesOf(wrong, (content) => sealMessage({ ...cast, identity: cast.member, message, content }));
    expect(codes).toEqual(new Map([["malformed", wrong.length]]));
  });

  it("G2: the same message sealed twice shows nothing in common behind the header", async () => {
    const again = await sealMessage({ ...cast, identity: cast.member, message, content: textContent("Hello") });
    const same = envelope.filter((byte, i) => i >= 6 && byte === again[i]).length;
    expect(same).toBeLessThan(envelope.length / 16);
  });

  it("P1: short messages are of one length", async () => {
    const no = await sealMessage({
      ...cast,
      identity: cast.member,
      message,
      content: { type: "join", name: "A", colour: null, time: null, after: textContent("").after },
    });
    const yes = await sealMessage({
      ...cast,
      identity: cast.member,
      message,
      content: { type: "join", name: "A much longer name", colour: null, time: null, after: textContent("").after },
    });
    expect(no.length).toBe(yes.length);
  });
});

describe("a wrapped key", () => {
  it("W2: every altered bit, and every altered bit of chat, link, epoch and link key, is refused", async () => {
    const linkKey = createLinkKey();
    const { link } = await identifyLink({ linkKey, subject: cast.chat });
    const { key: wrapKey } = await deriveWrapKey({ linkKey, subject: cast.chat, password: null });
    const owner = cast.owner.publicKey;
    const bytes = await wrapChatKey({ chatKey: cast.chatKey, owner, link, wrapKey });
    const right = { wrapped: bytes, chat: cast.chat, link, epoch: 1, wrapKey };
    const open = (over: Partial<typeof right>) => unwrapChatKey({ ...right, ...over });

    const opened = await open({});
    expect([opened.chatKey.raw, opened.owner]).toEqual([cast.chatKey.raw, owner]);
    expect(await codesOf(bitFlips(bytes), (wrapped) => open({ wrapped }))).toEqual(
      new Map([
        ["unsupported_version", 8],
        ["wrong_key", 92 * 8],
      ]),
    );
    expect(await codesOf(otherIds<never>(cast.chat as never), (chat) => open({ chat }))).toEqual(
      new Map([["wrong_key", 128]]),
    );
    expect(await codesOf(otherIds<never>(link as never), (link) => open({ link }))).toEqual(
      new Map([["wrong_key", 128]]),
    );
    expect(await codesOf([2, 2 ** 31 - 1], (epoch) => open({ epoch }))).toEqual(new Map([["wrong_key", 2]]));
    const otherKeys = await codesOf(bitFlips(linkKey), async (linkKey) => {
      const { key: wrapKey } = await deriveWrapKey({ linkKey, subject: cast.chat, password: null });
      return open({ wrapKey });
    });
    expect(otherKeys).toEqual(new Map([["wrong_key", 256]]));
  });
});

describe("a seal", () => {
  it("S2: every altered bit, and every altered bit of the owner's key, is refused", async () => {
    const seal = { seq: 3, head: new Uint8Array(32), title: "Title", time: 1 };
    const sealed = await sealTranscript({ chatKey: cast.chatKey, owner: cast.owner, seal });
    const owner = cast.owner.publicKey;
    const open = (over: { owner?: Bytes; sealed?: Bytes }) =>
      openSeal({ chatKey: cast.chatKey, owner, sealed, ...over });
    expect(await open({})).toEqual(seal);
    const altered = await codesOf(bitFlips(sealed), (sealed) => open({ sealed }));
    expect(altered).toEqual(frameCodes((sealed.length - 6) * 8));
    expect(await codesOf(bitFlips(owner), (owner) => open({ owner }))).toEqual(new Map([["wrong_key", 256]]));
  });

  it("S2: a member's seal is not the owner's", async () => {
    const seal = { seq: 3, head: new Uint8Array(32), title: "", time: 1 };
    const sealed = await sealTranscript({ chatKey: cast.chatKey, owner: cast.member, seal });
    expect(await codeOf(() => openSeal({ chatKey: cast.chatKey, owner: cast.owner.publicKey, sealed }))).toBe(
      "wrong_key",
    );
  });
});

describe("a link's label", () => {
  it("N1: every altered bit is refused", async () => {
    const link = newId<never>();
    const sealed = await sealLinkLabel({ chatKey: cast.chatKey, link, text: "for the design team" });
    const codes = await codesOf(bitFlips(sealed), (sealed) => openLinkLabel({ chatKey: cast.chatKey, link, sealed }));
    expect(codes).toEqual(frameCodes((sealed.length - 6) * 8));
  });

  it("N2: a label over the limit is not written", async () => {
    const seal = (text: string) => sealLinkLabel({ chatKey: cast.chatKey, link: newId<never>(), text });
    expect(await codeOf(() => seal("é".repeat(256)))).toBe("accepted");
    expect(await codeOf(() => seal("é".repeat(257)))).toBe("too_large");
  });
});

describe("an answer", () => {
  const open = async (over: { ask?: AskId; sender?: SenderId; envelope?: Bytes }) => {
    const envelope = over.envelope ?? reply;
    const at = over.ask ?? ask;
    const { epoch, wrappedReplyKey } = replyEnvelope(envelope);
    const chatKey = epoch === 1 ? cast.chatKey : await loadChatKey({ ...cast.chatKey, epoch });
    const replyKey = await unwrapReplyKey({ chatKey, ask: at, wrapped: wrappedReplyKey });
    return openReply({ chat: cast.chat, ask: at, sender: over.sender ?? cast.owner.sender, replyKey, envelope });
  };

  it("A5, E4: every altered bit is refused, those of the wrapped reply key too", async () => {
    expect((await open({})).reply.text).toBe("Hello");
    const codes = await codesOf(bitFlips(reply), (envelope) => open({ envelope }));
    expect(codes).toEqual(
      new Map([
        ["unsupported_version", 8],
        ["unsupported_kind", 8],
        ["malformed", 2],
        ["wrong_key", 30 + (reply.length - 6) * 8],
      ]),
    );
  });

  it("E4: with its reply key at hand, beside another wrapping of the same key it is refused", async () => {
    const other = await wrapReplyKey({ chatKey: cast.chatKey, ask, replyKey });
    const envelope = new Uint8Array(reply);
    envelope.set(other, 6);
    const options = { chat: cast.chat, ask, sender: cast.owner.sender, replyKey };
    expect(await codeOf(() => openReply({ ...options, envelope: reply }))).toBe("accepted");
    expect(await codeOf(() => openReply({ ...options, envelope }))).toBe("wrong_key");
  });

  it("A5: every altered bit of the ask id and the sender id is refused", async () => {
    expect(await codesOf(otherIds<never>(ask as never), (ask) => open({ ask }))).toEqual(new Map([["wrong_key", 128]]));
    const renamed = await codesOf(otherIds<never>(cast.owner.sender as never), (sender) => open({ sender }));
    expect(renamed).toEqual(new Map([["wrong_key", 128]]));
  });

  it("A2: every altered bit of a wrapped reply key is refused", async () => {
    const codes = await codesOf(bitFlips(wrapped), (wrapped) =>
      unwrapReplyKey({ chatKey: cast.chatKey, ask, wrapped }),
    );
    expect(codes).toEqual(new Map([["wrong_key", 60 * 8]]));
  });
});

describe("a stream of pieces", () => {
  const newStream = (over: { ask?: AskId; stream?: StreamId; replyKey?: Bytes } = {}) =>
    openReplyStream({ chat: cast.chat, ask, stream: fixedStream, replyKey, ...over });
  const fixedStream = newId<StreamId>();

  it("A4: pieces come back in their places, and in no others", async () => {
    const writer = await newStream();
    const texts = ["Hel", "lo ", "wörld 👋", ""];
    const sealed: Bytes[] = [];
    for (const [i, text] of texts.entries()) sealed.push(await sealDelta(writer, i, text));
    const reader = await newStream();
    for (const [i, piece] of sealed.entries()) {
      for (const [at, text] of texts.entries()) {
        const opened = await codeOf(async () => expect(await openDelta(reader, at, piece)).toBe(text));
        expect(opened).toBe(at === i ? "accepted" : "wrong_key");
      }
    }
  });

  it("A4: every altered bit, and every altered bit of ask and stream, is refused", async () => {
    const piece = await sealDelta(await newStream(), 0, "Hello");
    const reader = await newStream();
    expect(await codesOf(bitFlips(piece), (piece) => openDelta(reader, 0, piece))).toEqual(
      new Map([["wrong_key", piece.length * 8]]),
    );
    const asks = await codesOf(otherIds<never>(ask as never), async (ask) =>
      openDelta(await newStream({ ask }), 0, piece),
    );
    const streams = await codesOf(otherIds<never>(fixedStream as never), async (stream) =>
      openDelta(await newStream({ stream }), 0, piece),
    );
    expect([asks, streams]).toEqual([new Map([["wrong_key", 128]]), new Map([["wrong_key", 128]])]);
  });

  it("A4: no number is sealed twice, and none left out", async () => {
    const stream = await newStream();
    await sealDelta(stream, 0, "a");
    await expect(sealDelta(stream, 0, "b")).rejects.toThrow(RangeError);
    await expect(sealDelta(stream, 2, "b")).rejects.toThrow(RangeError);
    const both = await Promise.allSettled([sealDelta(stream, 1, "b"), sealDelta(stream, 1, "c")]);
    expect(both.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
  });

  it("P2: words of different lengths make pieces of one length", async () => {
    const stream = await newStream();
    const lengths = await Promise.all(
      ["a", "Donaudampfschiff", "x".repeat(60)].map((word, i) => sealDelta(stream, i, word)),
    );
    expect(new Set(lengths.map(({ length }) => length))).toEqual(new Set([64 + 16]));
  });
});
