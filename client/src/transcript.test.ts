import { messageText, textParts } from "@openmates-share/protocol/content";
import {
  type ChatKey,
  createChatKey,
  createIdentity,
  type Identity,
  sealMessage,
} from "@openmates-share/protocol/crypto";
import {
  appendToTranscript,
  type ChatId,
  emptyTranscript,
  type MessageId,
  newId,
  type Position,
  type SenderId,
  type Spine,
  type StoredMessage,
  spineEntry,
} from "@openmates-share/protocol/wire";
import { beforeAll, describe, expect, it } from "vitest";
import { LocalOpener } from "./local-opener.ts";
import { packEntries } from "./spine-bytes.ts";
import { Transcript } from "./transcript.ts";

const chat = newId<ChatId>();
let chatKey: ChatKey;
let ada: Identity;
let honest: readonly StoredMessage[];

async function store(
  end: Position,
  text: string,
  options: { key?: ChatKey; after?: Position } = {},
): Promise<StoredMessage> {
  const id = newId<MessageId>();
  const content = {
    type: "message",
    role: "user",
    name: "Ada",
    parts: textParts(text),
    time: 0,
    replyTo: null,
    model: null,
    withheld: false,
    after: options.after ?? end,
  } as const;
  const envelope = await sealMessage({ chatKey: options.key ?? chatKey, identity: ada, message: id, content });
  const { seq, head } = await appendToTranscript(end, { id, envelope });
  return { id, sender: ada.sender, envelope, seq, head, storedAt: 0 };
}

/** What a server would say that puts these messages in this order, with heads that add up. */
async function renumber(messages: readonly StoredMessage[]): Promise<StoredMessage[]> {
  let end = await emptyTranscript(chat);
  const renumbered: StoredMessage[] = [];
  for (const message of messages) {
    end = await appendToTranscript(end, message);
    renumbered.push({ ...message, ...end });
  }
  return renumbered;
}

async function read(messages: readonly StoredMessage[], options: { owner?: SenderId } = {}): Promise<Transcript> {
  const keys = [chatKey];
  const opener = new LocalOpener({ chat, keys, mate: newId() });
  const transcript = await Transcript.create({ chat, keys, owner: options.owner ?? ada.sender, opener });
  await transcript.take(messages, await emptyTranscript(chat), { keep: true });
  return transcript;
}

/** The message of a number, which is there. */
function at(messages: readonly StoredMessage[], seq: number): StoredMessage {
  const message = messages[seq - 1];
  if (!message) throw new Error(`There is no message ${seq}.`);
  return message;
}

/** What a server that shows these messages says of their chain, behind number `after`. */
async function spineOf(messages: readonly StoredMessage[], after = 0): Promise<Spine> {
  const entries = await Promise.all(messages.slice(after).map(spineEntry));
  return { after, entries: packEntries(entries), through: messages.length };
}

async function follow(transcript: Transcript, messages: readonly StoredMessage[], through = 4): Promise<void> {
  await transcript.follow(await spineOf(messages, transcript.end.seq), { through, changed: () => undefined });
}

function texts(transcript: Transcript): string[] {
  return transcript
    .window(4)
    .loaded.map(({ body }) =>
      body.type === "content" && body.content.type === "message" ? messageText(body.content) : body.type,
    );
}

beforeAll(async () => {
  chatKey = await createChatKey(chat);
  ada = (await createIdentity()).identity;
  const messages: StoredMessage[] = [];
  let end = await emptyTranscript(chat);
  for (const text of ["one", "two", "three", "four"]) {
    const message = await store(end, text);
    messages.push(message);
    end = message;
  }
  honest = messages;
});

describe("an honest server", () => {
  it("gives a transcript that opens whole", async () => {
    const transcript = await read(honest);
    expect(texts(transcript)).toEqual(["one", "two", "three", "four"]);
    expect(transcript.violation).toBeNull();
    expect(transcript.end.seq).toBe(4);
  });

  it("may send what is known again, and pages that overlap", async () => {
    const transcript = await read(honest.slice(0, 3));
    await transcript.take(honest.slice(1), at(honest, 1), { keep: true });
    expect(texts(transcript)).toEqual(["one", "two", "three", "four"]);
    expect(transcript.violation).toBeNull();
  });

  it("is asked again when messages are missing in between: what does not follow is not taken", async () => {
    const transcript = await read([at(honest, 1), at(honest, 3)]);
    expect(texts(transcript)).toEqual(["one"]);
    expect(transcript.end.seq).toBe(1);
  });

  it("may give the chain first and any page of it later, or the other way round", async () => {
    const chainFirst = await read([]);
    await follow(chainFirst, honest);
    await chainFirst.take(honest.slice(2), at(honest, 2), { keep: true });
    const pageFirst = await read([]);
    await pageFirst.take(honest.slice(2), at(honest, 2), { keep: true });
    expect(pageFirst.end.seq).toBe(0);
    await follow(pageFirst, honest);
    for (const transcript of [chainFirst, pageFirst]) {
      expect(texts(transcript)).toEqual(["three", "four"]);
      expect(transcript.end).toEqual({ seq: 4, head: at(honest, 4).head });
      expect(transcript.violation).toBeNull();
      expect(transcript.seqOf(at(honest, 1).id)).toBe(1);
    }
  });

  it("gives the chain no further than one may read", async () => {
    const transcript = await read([]);
    await follow(transcript, honest, 2);
    expect(transcript.end.seq).toBe(2);
  });

  it("may deliver a message written while another one arrived", async () => {
    const [one, two] = await Promise.all([honest[0], honest[1]]);
    if (!one || !two) throw new Error("two messages are made above");
    const concurrent = await store(two, "meanwhile", { after: one });
    const transcript = await read([one, two, concurrent]);
    expect(transcript.violation).toBeNull();
  });
});

describe("R2: a lying server", () => {
  it.each([
    ["drops a message in the middle", (all: readonly StoredMessage[]) => [all[0], all[2], all[3]]],
    ["swaps two messages", (all: readonly StoredMessage[]) => [all[0], all[2], all[1], all[3]]],
    ["replays a message", (all: readonly StoredMessage[]) => [all[0], all[1], all[0], all[2], all[3]]],
    ["drops the beginning", (all: readonly StoredMessage[]) => all.slice(2)],
  ])("is noticed when it %s and computes heads that add up", async (_what, lie) => {
    const lied = lie(honest).filter((message) => message !== undefined);
    const transcript = await read(await renumber(lied));
    expect(transcript.violation?.code).toBe("head_mismatch");
  });

  it("is noticed when the head it claims does not add up", async () => {
    const [first, ...rest] = honest;
    if (!first) throw new Error("four messages are made above");
    const transcript = await read([{ ...first, head: new Uint8Array(32) }, ...rest]);
    expect(transcript.violation?.code).toBe("head_mismatch");
  });

  it("can't pass a message off as somebody else's", async () => {
    const eve = (await createIdentity()).identity;
    const [first] = honest;
    if (!first) throw new Error("four messages are made above");
    const transcript = await read([{ ...first, sender: eve.sender }]);
    expect(transcript.at(1)?.body).toMatchObject({ type: "broken", code: "wrong_key" });
  });

  it("can't bring in a message of another chat", async () => {
    const elsewhere = newId<ChatId>();
    const foreign = await store(await emptyTranscript(chat), "foreign", { key: await createChatKey(elsewhere) });
    const transcript = await read([foreign]);
    expect(transcript.at(1)?.body).toMatchObject({ type: "broken", code: "wrong_key" });
  });

  it("may be a member who lies: then the message is marked, and the chat goes on", async () => {
    const [one] = honest;
    if (!one) throw new Error("four messages are made above");
    const false1 = await store(one, "trust me", { after: { seq: 1, head: new Uint8Array(32) } });
    const transcript = await read([one, false1], { owner: newId<SenderId>() });
    expect(transcript.at(2)?.doubt).toContain("differs from what others verified");
    expect(transcript.violation).toBeNull();
  });

  it("can't show a message for a second time", async () => {
    const [one] = honest;
    if (!one) throw new Error("four messages are made above");
    const transcript = await read(await renumber([one, one]));
    expect(transcript.violation?.code).toBe("head_mismatch");
  });

  it("T6: can't show a page that the chain does not have", async () => {
    const [, , three, four] = honest;
    if (!three || !four) throw new Error("four messages are made above");
    const forged = { ...three, envelope: four.envelope };
    const head = await appendToTranscript(at(honest, 2), forged);
    for (const order of ["chain first", "page first"]) {
      const transcript = await read([]);
      if (order === "chain first") await follow(transcript, honest);
      await transcript.take([{ ...forged, ...head }], at(honest, 2), { keep: true });
      if (order === "page first") {
        expect(transcript.violation).toBeNull();
        await follow(transcript, honest);
      }
      expect(transcript.violation?.code, order).toBe("head_mismatch");
    }
  });

  it("T6: can't show a page of this chat at another place", async () => {
    const transcript = await read([]);
    await follow(transcript, honest);
    const [, two] = await renumber([at(honest, 3), at(honest, 4)]);
    if (!two) throw new Error("two messages were renumbered");
    await transcript.take([two], at(honest, 1), { keep: true });
    expect(transcript.violation?.code).toBe("head_mismatch");
  });

  it("T3: can't repeat a message in the chain", async () => {
    const transcript = await read([]);
    await follow(transcript, [at(honest, 1), at(honest, 1)]);
    expect(transcript.violation?.code).toBe("head_mismatch");
  });

  it("T4: is noticed when a claim is older than the page and the chain comes last", async () => {
    const other = await store(at(honest, 1), "another two");
    const lied = await renumber([at(honest, 1), other, at(honest, 3), at(honest, 4)]);
    const transcript = await read([]);
    await transcript.take(lied.slice(3), at(lied, 3), { keep: true });
    expect(transcript.violation).toBeNull();
    await follow(transcript, lied);
    expect(transcript.violation?.code).toBe("head_mismatch");
  });

  it("stays caught whatever it sends afterwards", async () => {
    const [one, two, three] = await renumber([honest[1], honest[0], honest[2]].filter((m) => m !== undefined));
    if (!one || !two || !three) throw new Error("three messages are made above");
    const transcript = await read([one, two]);
    await transcript.take([three], two, { keep: true });
    expect(transcript.violation?.code).toBe("head_mismatch");
  });
});
