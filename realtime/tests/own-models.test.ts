import { memoryStore, type OwnModel, type Room } from "@openmates-share/client";
import { type AskId, type ContextEntry, idBytes, type MessageId } from "@openmates-share/protocol/wire";
import { startModel, type TestModel } from "@openmates-share/testing/model";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { copyOf, live, mateOf, messagesOf, ShareWorld, shareChat, textsOf } from "./share-world.ts";
import { until } from "./until.ts";

let world: ShareWorld;
let model: TestModel;
beforeAll(async () => {
  model = await startModel();
  world = await ShareWorld.start({ mate: mateOf(model) });
});
afterEach(() => world.closeClients());
afterAll(async () => {
  await world.stop();
  await model.stop();
});

/** A model that writes what a test lets it write, when it lets it. */
class HandModel implements OwnModel {
  readonly name = "llama3";
  context: readonly ContextEntry[] = [];
  aborted = false;
  #pieces: string[] = [];
  #end: "complete" | "length" | null = null;
  #wake: () => void = () => {};

  async *stream({ context, signal }: Parameters<OwnModel["stream"]>[0]): ReturnType<OwnModel["stream"]> {
    this.context = context;
    signal.addEventListener("abort", () => {
      this.aborted = true;
    });
    for (;;) {
      for (let piece = this.#pieces.shift(); piece !== undefined; piece = this.#pieces.shift()) yield piece;
      if (this.#end) return this.#end;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  say(...pieces: string[]): void {
    this.#pieces.push(...pieces);
    this.#wake();
  }

  end(how: "complete" | "length" = "complete"): void {
    this.#end = how;
    this.#wake();
  }
}

/** Ada at one node asks with a model of her own; Grace at the other looks on. */
async function asking() {
  const store = memoryStore();
  const owner = world.client({ store });
  const { chat, url, room } = await shareChat(owner);
  const member = world.client({ node: 1 });
  const grace = await live(member.open(url, { name: "Grace" }));
  await grace.join("Grace");
  const message = await room.send("@OpenMates what is this?");
  const own = new HandModel();
  const ask = await room.ask(message, { own });
  await until(() => runningIn(grace, ask));
  return { store, owner, member, chat, url, room, grace, message, own, ask };
}

function runningIn({ state }: Room, ask: AskId) {
  return state.answers.find((answer) => answer.ask === ask && answer.state === "running");
}

async function reads(room: Room, ask: AskId, text: string): Promise<void> {
  await until(() => runningIn(room, ask)?.text === text);
}

function answersTo(room: Room, message: MessageId) {
  return messagesOf(room).flatMap(({ body, id, sender }) =>
    body.type === "content" && body.content.type === "message" && body.content.replyTo === message
      ? [{ id, sender, content: body.content }]
      : [],
  );
}

test("A9: an answer of a member's own model streams to everybody sealed, and is stored once, signed by that member", async () => {
  const { url, room, grace, message, own, ask, chat } = await asking();
  expect(runningIn(grace, ask)?.by).toBe(room.state.me);
  expect(own.context.at(-1)?.text).toBe("@OpenMates what is this?");
  own.say("An ", "answer ");
  await reads(grace, ask, "An answer ");
  const late = await live(world.client({ node: 1 }).open(url, { name: "Late" }));
  await until(() => runningIn(late, ask)?.text === "An answer ");
  own.say("of 🦙.");
  own.end("length");
  for (const one of [room, grace, late]) {
    const [answer, ...others] = await until(() => {
      const found = answersTo(one, message);
      return found.length > 0 ? found : null;
    });
    expect(others).toEqual([]);
    expect(answer?.sender).toBe(room.state.me);
    expect(answer?.id).toBe(ask);
    expect(answer?.content).toMatchObject({
      role: "assistant",
      name: "Ada’s own model",
      model: "llama3",
      answer: { ended: "length", given: { count: 4, offered: 4 } },
    });
    expect(textsOf(one)).toContain("An answer of 🦙.");
    await until(() => one.state.answers.length === 0);
    expect(one.state.integrity.state).not.toBe("violated");
  }
  await until(async () => {
    const where = { chatId_id: { chatId: idBytes(chat), id: idBytes(ask) } };
    return (await world.database.database.ask.findUniqueOrThrow({ where })).state === "answered";
  });
  expect(await world.database.database.askUsage.count({ where: { subject: idBytes(chat) } })).toBe(0);
});

test("A11: anybody stops it, on any node; what there is of it is stored", async () => {
  const { room, grace, message, own, ask } = await asking();
  own.say("Half of");
  await reads(grace, ask, "Half of");
  await grace.stop(ask);
  await until(() => own.aborted);
  const [answer] = await until(() => {
    const found = answersTo(grace, message);
    return found.length > 0 ? found : null;
  });
  expect(answer?.content.answer?.ended).toBe("stopped");
  expect(textsOf(room)).toContain("Half of");
});

test("A11: stopped before its first word, it says so, and can be tried again", async () => {
  const { room, grace, message, ask } = await asking();
  await until(() => runningIn(grace, ask) !== null);
  await grace.stop(ask);
  await until(() => grace.state.answers.find((answer) => answer.ask === ask)?.fault === "stopped");
  const second = new HandModel();
  await room.tryAgain(ask, { own: second });
  second.say("Whole");
  second.end();
  await until(() => answersTo(grace, message).length === 1);
});

test("A11, A93: it is interrupted when its tab is closed, and can be tried again under the same id, once, and not with the mate", async () => {
  const { store, owner, chat, room, grace, message, own, ask } = await asking();
  own.say("Half of");
  await reads(grace, ask, "Half of");
  await owner.close();
  await until(() => grace.state.answers.find((answer) => answer.ask === ask)?.state === "interrupted");
  expect(own.aborted).toBe(true);
  expect(answersTo(grace, message)).toEqual([]);
  await expect(grace.tryAgain(ask)).rejects.toMatchObject({ code: "not_allowed" });
  const again = await live(world.client({ store: await copyOf(store) }).reopen(chat));
  await until(() => again.state.answers.some((answer) => answer.ask === ask));
  await expect(again.tryAgain(ask)).rejects.toMatchObject({ code: "not_allowed" });
  const second = new HandModel();
  await again.tryAgain(ask, { own: second });
  second.say("All of it");
  second.end();
  await until(() => answersTo(grace, message).length === 1);
  expect(answersTo(grace, message)[0]?.sender).toBe(room.state.me);
  await expect(again.tryAgain(ask, { own: second })).rejects.toMatchObject({ code: "already_answered" });
});

test("A11: whoever is removed in mid-answer passes nothing more on, and gets nothing more of one", async () => {
  const owner = world.client();
  const { chat, url, room } = await shareChat(owner);
  const grace = await live(world.client({ node: 1 }).open(url, { name: "Grace" }));
  await grace.join("Grace");
  const own = new HandModel();
  const ask = await grace.ask(await grace.send("@OpenMates tell me"), { own });
  own.say("so far");
  await reads(room, ask, "so far");
  const release = model.begin("something long", { text: "All work and no play. ".repeat(20), pieces: 5 });
  const mates = await room.ask(await room.send("@OpenMates tell us something long"));
  await until(() => (runningIn(grace, mates)?.text.length ?? 0) > 10);
  const sender = grace.state.me;
  if (!sender) throw new Error("Grace writes.");
  await owner.removePerson(chat, sender);
  await until(() => grace.state.connection === "ended");
  const seen = runningIn(grace, mates)?.text.length ?? 0;
  own.say(" and more");
  await until(() => room.state.answers.find((answer) => answer.ask === ask)?.state === "interrupted");
  release();
  await until(() => messagesOf(room).some(({ body }) => body.type === "reply" && body.ask === mates));
  expect(runningIn(grace, mates)?.text.length ?? 0).toBe(seen);
  expect(textsOf(room).join()).not.toContain("and more");
});

test("a model that cannot be reached is said so, and nobody else can answer somebody's mention with theirs", async () => {
  const owner = world.client();
  const { url, room } = await shareChat(owner);
  const grace = await live(world.client({ node: 1 }).open(url, { name: "Grace" }));
  await grace.join("Grace");
  const message = await room.send("@OpenMates hello?");
  await until(() => textsOf(grace).includes("@OpenMates hello?"));
  await expect(grace.ask(message, { own: new HandModel() })).rejects.toMatchObject({ code: "not_allowed" });
  const broken: OwnModel = {
    name: "none",
    // biome-ignore lint/correctness/useYield: it fails before its first word
    async *stream() {
      throw new TypeError("Failed to fetch");
    },
  };
  const ask = await room.ask(message, { own: broken });
  const failed = await until(() => grace.state.answers.find((one) => one.ask === ask && one.state === "failed"));
  expect(failed).toMatchObject({ by: room.state.me, reason: "The member's own model gave no answer.", fault: "other" });
});

test("A12, C20: a member's own model answers whoever asks it, with what that person chose and nothing else", async () => {
  const owner = world.client();
  const { url, room } = await shareChat(owner);
  const grace = await live(world.client({ node: 1 }).open(url, { name: "Grace" }));
  await grace.join("Grace");
  const me = grace.state.me;
  if (!me) throw new Error("Grace writes.");
  const own = new HandModel();
  await grace.offerModel(own.name);
  await until(() => room.state.people.find(({ sender }) => sender === me)?.model === "llama3");
  const secret = await room.send("Not for models.", { withheld: true });
  const chosen = await room.send("A hint.");
  const before = await room.send("@OpenMates, asked before", { asks: { of: me, along: [] } });
  await until(() => textsOf(grace).includes("@OpenMates, asked before"));
  const answering = await grace.answerOthers(own);
  const message = await room.send("@OpenMates, what now?", { asks: { of: me, along: [secret, chosen] } });
  const running = await until(() => room.state.answers.find((answer) => answer.message === message));
  expect(running.by).toBe(me);
  expect(own.context.map(({ text }) => text)).toEqual(["A hint.", "@OpenMates, what now?"]);
  own.say("Wait.");
  own.end();
  const [answer] = await until(() => {
    const found = answersTo(room, message);
    return found.length > 0 ? found : null;
  });
  expect(answer).toMatchObject({ sender: me, content: { model: "llama3", answer: { given: { count: 2 } } } });
  expect(answersTo(room, before)).toEqual([]);
  expect(await world.database.database.askUsage.count({ where: { subject: idBytes(room.chat) } })).toBe(0);

  answering.stop();
  await grace.offerModel(null);
  await until(() => room.state.people.find(({ sender }) => sender === me)?.model === null);
});

test("C20: what a member offers, and is called, is what they said last, also before any of it has come back", async () => {
  const owner = world.client();
  const { url, room } = await shareChat(owner);
  const grace = await live(world.client({ node: 1 }).open(url, { name: "Grace" }));
  await grace.join("Grace");
  const seen = () => room.state.people.find(({ sender }) => sender === grace.state.me);
  await until(() => seen()?.name === "Grace");
  await Promise.all([grace.offerModel("llama3"), grace.offerModel(null)]);
  await Promise.all([grace.join("Hopper", { colour: 3 }), grace.join("Grace")]);
  await grace.send("All said.");
  await until(() => textsOf(room).includes("All said."));
  expect(seen()).toMatchObject({ name: "Grace", colour: 3, model: null });
});

test("A12: of two devices of the member who is asked one answers, and an ask that is another's stays that", async () => {
  const owner = world.client();
  const { url, room } = await shareChat(owner);
  const store = memoryStore();
  const rooms = [await live(world.client({ store }).open(url, { name: "Grace" }))];
  await rooms[0]?.join("Grace");
  rooms.push(await live(world.client({ node: 1, store: await copyOf(store) }).open(url)));
  const models = rooms.map(() => new HandModel());
  const me = rooms[0]?.state.me;
  if (!me) throw new Error("Grace writes.");
  for (const [i, one] of rooms.entries()) await one.answerOthers(models[i] ?? new HandModel());
  const message = await room.send("@OpenMates?", { asks: { of: me, along: [] } });
  for (const own of models) {
    own.say("Yes.");
    own.end();
  }
  await until(() => answersTo(room, message).length > 0);
  await until(() => room.state.answers.length === 0);
  expect(answersTo(room, message)).toHaveLength(1);
  expect(models.filter(({ context }) => context.length > 0)).toHaveLength(1);
});
