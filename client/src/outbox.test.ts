import { textParts } from "@openmates-share/protocol/content";
import { createChatKey, createIdentity } from "@openmates-share/protocol/crypto";
import { type Bytes, type ChatId, type MessageId, newId, type Receipt } from "@openmates-share/protocol/wire";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { ClientError } from "./errors.ts";
import { LocalOpener } from "./local-opener.ts";
import { type Draft, Outbox } from "./outbox.ts";
import { Transcript } from "./transcript.ts";

const chat = newId<ChatId>();
const draft = (text: string): Draft => ({
  type: "message",
  role: "user",
  name: "Ada",
  parts: textParts(text),
  replyTo: null,
  model: null,
  withheld: false,
  time: 0,
});

let sent: { id: MessageId; envelope: Bytes }[];
let failures: ClientError[];
let outbox: Outbox;

beforeEach(async () => {
  sent = [];
  failures = [];
  const keys = [await createChatKey(chat)];
  const opener = new LocalOpener({ chat, keys, mate: newId() });
  outbox = new Outbox({
    transcript: await Transcript.create({ chat, keys, owner: newId(), opener }),
    identity: (await createIdentity()).identity,
    send: async ({ id, envelope }): Promise<Receipt> => {
      sent.push({ id, envelope });
      const failure = failures.shift();
      if (failure) throw failure;
      return { seq: sent.length, head: new Uint8Array(32) };
    },
    changed: vi.fn(),
  });
});

describe("R8: what is written", () => {
  it("goes out in the order it was written", async () => {
    const ids = await Promise.all([outbox.add(draft("one")), outbox.add(draft("two")), outbox.add(draft("three"))]);
    expect(sent.map(({ id }) => id)).toEqual(ids);
    expect(outbox.pending).toEqual([]);
  });

  it("waits while the line is down and is repeated byte for byte, so that it is stored once", async () => {
    failures = [new ClientError("unreachable", "no line", { retryable: true })];
    const acknowledged = outbox.add(draft("hello"));
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    expect(outbox.pending).toMatchObject([{ text: "hello", state: "waiting" }]);
    await vi.waitFor(() => outbox.flush().then(() => expect(sent).toHaveLength(2)));
    await acknowledged;
    expect(sent[1]).toEqual(sent[0]);
  });

  it("is kept for the person when the server refuses it, and does not hold up what comes after", async () => {
    failures = [new ClientError("too_large", "This message is too large.")];
    const refused = outbox.add(draft("huge"));
    const after = outbox.add(draft("small"));
    await expect(refused).rejects.toMatchObject({ code: "too_large" });
    await after;
    const [kept] = outbox.pending;
    expect(kept).toMatchObject({ text: "huge", state: { refused: "This message is too large." } });
    if (!kept) throw new Error("it is kept");
    outbox.retry(kept.id);
    await vi.waitFor(() => expect(outbox.pending).toEqual([]));
  });

  it("can be thrown away before it is out", async () => {
    failures = [new ClientError("unreachable", "no line", { retryable: true })];
    const acknowledged = outbox.add(draft("never mind"));
    acknowledged.catch(() => undefined);
    await vi.waitFor(() => expect(outbox.pending).toHaveLength(1));
    outbox.discard(outbox.pending[0]?.id ?? newId());
    await expect(acknowledged).rejects.toMatchObject({ code: "aborted" });
    expect(outbox.pending).toEqual([]);
    outbox.stop();
  });
});
