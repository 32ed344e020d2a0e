import { textParts } from "@openmates-share/protocol/content";
import { type ChatKey, createChatKey, createIdentity, sealMessage } from "@openmates-share/protocol/crypto";
import { type ChatId, emptyTranscript, type MessageId, newId } from "@openmates-share/protocol/wire";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { LocalOpener } from "./local-opener.ts";
import type { OpenerSetup, Sealed } from "./opener.ts";
import { serveOpener } from "./opener-worker.ts";
import { packEntries } from "./spine-bytes.ts";
import { WorkerOpener } from "./worker-opener.ts";

const chat = newId<ChatId>();
let chatKey: ChatKey;
let setup: OpenerSetup;
let messages: readonly Sealed[];

beforeAll(async () => {
  chatKey = await createChatKey(chat);
  setup = { chat, keys: [chatKey], mate: newId() };
  const { identity } = await createIdentity();
  const after = await emptyTranscript(chat);
  const said = {
    type: "message",
    role: "user",
    name: "Ada",
    time: 0,
    replyTo: null,
    model: null,
    withheld: false,
    after,
  } as const;
  messages = await Promise.all(
    Array.from({ length: 30 }, async (_, i) => {
      const id = newId<MessageId>();
      const content = { ...said, parts: textParts(`message ${i}`) };
      return { id, sender: identity.sender, envelope: await sealMessage({ chatKey, identity, message: id, content }) };
    }),
  );
});

const ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

/** What a page sees of a worker: a port, behind which the opener runs as it does in one. */
function startServing({ cannotAnswer = false } = {}): { worker: Worker; asked: string[] } {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  const asked: string[] = [];
  const self: Parameters<typeof serveOpener>[0] = {
    onmessage: null,
    postMessage: (answer) => {
      if (cannotAnswer && "opened" in answer) throw new RangeError("Maximum call stack size exceeded");
      port2.postMessage(answer);
    },
  };
  serveOpener(self);
  port2.onmessage = (event) => {
    asked.push(event.data.type);
    self.onmessage?.(event);
  };
  // A port has all of a worker that is used, but for its end.
  const worker = Object.assign(port1, { terminate: () => port1.close(), onerror: null }) as unknown as Worker;
  return { worker, asked };
}

describe("an opener in a worker", () => {
  it("whose answer cannot be handed over leaves nobody waiting: it is opened here", async () => {
    const { worker, asked } = startServing({ cannotAnswer: true });
    const opener = new WorkerOpener(setup, () => worker);
    const expected = await new LocalOpener(setup).open(messages);
    while (!asked.includes("open")) expect(await opener.open(messages)).toEqual(expected);
    opener.stop();
  });

  it("opens and hashes as the one in the page does", async () => {
    const { worker, asked } = startServing();
    const opener = new WorkerOpener(setup, () => worker);
    const local = new LocalOpener(setup);
    const expected = await local.open(messages);
    // Until it runs, what is asked is done here.
    while (!asked.includes("open")) expect(await opener.open(messages)).toEqual(expected);
    const entries = packEntries(
      Array.from({ length: 5 }, () => messages).flatMap((all) =>
        all.map(({ id }, i) => ({ id, kind: 1, digest: expected[i]?.digest ?? new Uint8Array(32) })),
      ),
    );
    const { head } = await emptyTranscript(chat);
    expect(await opener.heads(head, entries)).toEqual(await local.heads(head, entries));
    expect(asked).toContain("heads");
    opener.stop();
    opener.stop();
  });

  it("does not make the first few wait for it", async () => {
    const opener = new WorkerOpener(setup, () => {
      throw new Error("must not be started");
    });
    const [first] = await opener.open(messages.slice(0, 10));
    expect(first?.body).toMatchObject({ type: "content" });
  });

  it("learns keys of epochs that begin later", async () => {
    const { worker, asked } = startServing();
    const opener = new WorkerOpener({ ...setup, keys: [] }, () => worker);
    while (!asked.includes("open")) await opener.open(messages);
    expect((await opener.open(messages))[0]?.body).toMatchObject({ type: "broken", code: "wrong_epoch" });
    opener.addKeys(setup.keys);
    expect((await opener.open(messages))[0]?.body).toMatchObject({ type: "content" });
    opener.stop();
  });

  it("that can't be started, or that breaks, is done without", async () => {
    const none = new WorkerOpener(setup, () => {
      throw new DOMException("no workers here", "SecurityError");
    });
    expect((await none.open(messages))[29]?.body).toMatchObject({ type: "content" });
    const { worker, asked } = startServing();
    const broken = new WorkerOpener(setup, () => worker);
    while (!asked.includes("open")) await broken.open(messages);
    const opening = broken.open(messages);
    worker.onerror?.call(worker, new Event("error") as ErrorEvent);
    expect((await opening)[29]?.body).toMatchObject({ type: "content" });
  });
});
