import {
  type AskId,
  type ChatId,
  ClientError,
  type MessageId,
  memoryStore,
  messageText,
  type Room,
  type RoomMessage,
  ShareClient,
} from "@openmates-share/client";
import { idBytes, newId } from "@openmates-share/protocol/wire";
import { type BadLine, FAULTS, seeded, startBadLine } from "@openmates-share/testing/bad-line";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { live, ShareWorld, says, shareChat } from "./share-world.ts";
import { until } from "./until.ts";

/**
 * People on bad lines write, edit, react and delete at two servers, lose their lines in every way there is, close the page
 * in the middle of it and come back. In the end everybody has the same, all of it, once, in the order of each writer.
 */

const SEED = Number(process.env.BAD_LINES_SEED ?? 20_261_121);
const STEPS = 160;
/** Shorter than a person takes to another tab. Milliseconds. */
const TURN = 25;
const THUMB = "\u{1f44d}";

let world: ShareWorld;
let people: Person[] = [];
beforeAll(async () => {
  world = await ShareWorld.start();
});
afterEach(async () => {
  await Promise.all(people.map((person) => person.leave()));
  people = [];
  await world.closeClients();
});
afterAll(() => world.stop());

const random = seeded(SEED);
const chance = (share: number) => random() < share;
const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T; // Of a list that is not empty.

/** What somebody wrote, with what is known of it. */
interface Written {
  readonly text: string;
  /** Once the server has acknowledged it. */
  id: MessageId | null;
  /** The last edit that was asked for, and the last that was acknowledged; 0 for none. */
  edits: number;
  acknowledgedEdits: number;
  /** Whether a deletion was asked for, and acknowledged. */
  deleting: boolean;
  deleted: boolean;
}

/** One person: a device on a bad line, with a tab or two that are closed and opened again. */
class Person {
  readonly name: string;
  readonly line: BadLine;
  readonly written: Written[] = [];
  /** What this person last clicked on each message, and whether it is known that this was stored. */
  readonly clicks = new Map<MessageId, { on: boolean; stored: boolean }>();
  readonly #store = memoryStore();
  readonly #link: string;
  readonly #clients = new Set<ShareClient>();
  readonly #tabs: (Room | null)[];
  #chat: ChatId | null = null;
  #left = false;
  /** The tab that this person looks at. */
  #front = 0;
  #turning = false;

  private constructor(setup: { name: string; line: BadLine; link: string; tabs: number }) {
    this.name = setup.name;
    this.line = setup.line;
    this.#link = setup.link;
    this.#tabs = Array.from({ length: setup.tabs }, () => null);
  }

  static async arrive(setup: { name: string; server: string; link: string; tabs: number }): Promise<Person> {
    const person = new Person({ ...setup, line: await startBadLine(setup.server, { random }) });
    for (const tab of person.#tabs.keys()) await person.open(tab);
    return person;
  }

  get rooms(): Room[] {
    return this.#tabs.filter((room) => room !== null);
  }

  /** Opens a tab, however often that takes. */
  async open(tab: number): Promise<void> {
    const client = new ShareClient({ server: this.line.url, store: this.#store, keepsUnsent: true });
    this.#clients.add(client);
    while (!this.#left) {
      try {
        const room = this.#chat ? await client.reopen(this.#chat) : await client.open(this.#link, { name: this.name });
        this.#chat = room.chat;
        this.#tabs[tab] = room;
        return;
      } catch (error) {
        if (!(error instanceof ClientError) || !(error.retryable || error.code === "aborted")) throw error;
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  }

  /** The page is closed, in the middle of whatever it did, and opened again. */
  async reload(): Promise<void> {
    const tab = Math.floor(random() * this.#tabs.length);
    const room = this.#tabs[tab];
    if (!room) return;
    this.#tabs[tab] = null;
    room.close();
    await this.open(tab);
  }

  /** The line is good from now on, and the device notices. */
  heal(): void {
    this.line.down = false;
    for (const client of this.#clients) client.wake();
  }

  /** Goes on in another tab, if there is one. Nobody is there within the millisecond in which they wrote in the last one. */
  async turn(): Promise<void> {
    this.#turning = true;
    await new Promise((resolve) => setTimeout(resolve, TURN));
    const next = (this.#front + 1) % this.#tabs.length;
    await until(() => this.#isHandedOn(this.#front, next));
    this.#front = next;
    this.#turning = false;
  }

  /** Whether the device keeps what waits in one tab: then the other one shows it, too. */
  #isHandedOn(from: number, to: number): boolean {
    const [one, other] = [this.#tabs[from], this.#tabs[to]];
    if (!one || !other || this.#left) return true;
    const waitingIn = ({ state }: Room) => [...state.pending, ...state.amending].map(({ id }) => id);
    return waitingIn(one).every((id) => waitingIn(other).includes(id));
  }

  /** One thing that people do. What becomes of it is noted whenever that is known. */
  act(): void {
    const room = this.#tabs[this.#front];
    if (!room || this.#turning) return;
    const mine = this.written.filter(({ id, deleting }) => id !== null && !deleting);
    const kind = random();
    if (kind < 0.6 || mine.length === 0) this.#write(room);
    else if (kind < 0.75) this.#edit(room, pick(mine));
    else if (kind < 0.9) this.#click(room);
    else this.#delete(room, pick(mine));
  }

  async leave(): Promise<void> {
    this.#left = true;
    await Promise.all([...this.#clients].map((client) => client.close()));
    await this.line.stop();
  }

  #write(room: Room): void {
    const text = `${this.name} ${this.written.length + 1}.`;
    const one: Written = { text, id: null, edits: 0, acknowledgedEdits: 0, deleting: false, deleted: false };
    this.written.push(one);
    note(room.send(text), (id) => {
      one.id = id;
    });
  }

  #edit(room: Room, one: Written): void {
    if (!one.id) return;
    const edit = ++one.edits;
    note(room.edit(one.id, `${one.text} edited ${edit}`), () => {
      one.acknowledgedEdits = Math.max(edit, one.acknowledgedEdits);
    });
  }

  #delete(room: Room, one: Written): void {
    if (!one.id) return;
    one.deleting = true;
    note(room.redact(one.id), () => {
      one.deleted = true;
    });
  }

  #click(room: Room): void {
    const texts = room.state.messages.loaded.filter(({ body }) => body.type === "content");
    const target = texts.find(({ body }) => body.type === "content" && body.content.type === "message");
    if (!target) return;
    const click = { on: !this.clicks.get(target.id)?.on, stored: false };
    this.clicks.set(target.id, click);
    note(room.react(target.id, THUMB, click.on), () => {
      click.stored = true;
    });
  }
}

/** The page was closed; or the message that it is about was deleted meanwhile, which this device may know already. */
const GIVEN_UP: ReadonlySet<string> = new Set(["aborted", "not_allowed"]);

/** Notes what came of something that may be given up here, but is never refused by the server. */
function note<T>(asked: Promise<T>, came: (result: T) => void): void {
  asked.then(came, (error: unknown) => {
    if (!(error instanceof ClientError) || !(error.retryable || GIVEN_UP.has(error.code))) refusals.push(error);
  });
}
const refusals: unknown[] = [];

/** Somebody on a good line, who has said something. */
async function comeIn(client: ShareClient, url: string, name: string): Promise<Room> {
  const room = await live(client.open(url, { name }));
  await room.send("Hello");
  await until(() => room.state.pending.length === 0);
  return room;
}

/** Of a room that does not come to rest. */
function whatIsLeft({ state }: Room) {
  const { me, connection, complete, pending, amending, messages, integrity } = state;
  return { me, connection, complete, pending, amending, through: messages.through, integrity };
}

/** What happens next to somebody. */
async function mishap(person: Person): Promise<void> {
  const kind = random();
  if (kind < 0.55) person.line.fail(pick(FAULTS));
  else if (kind < 0.7) person.line.down = !person.line.down;
  else if (kind < 0.8) await person.turn();
  else if (!person.line.down) await person.reload();
}

function originals(messages: readonly RoomMessage[]): Map<MessageId, string> {
  return new Map(
    messages.flatMap(({ id, body }) => {
      if (body.type !== "content" || body.content.type !== "message") return [];
      return [[id, messageText(body.content)] as const];
    }),
  );
}

async function everything(room: Room): Promise<RoomMessage[]> {
  const all: RoomMessage[] = [];
  for await (const page of room.read()) all.push(...page);
  return all;
}

describe("R8: people on bad lines", () => {
  test(`have all the same in the end, everything once and in order (BAD_LINES_SEED=${SEED})`, async () => {
    const { url, room: owner } = await shareChat(world.client());
    const arrivals = [
      { name: "Grace", server: world.urlOf(0), link: url, tabs: 1 },
      { name: "Alan", server: world.urlOf(1), link: url, tabs: 2 },
      { name: "Edsger", server: world.urlOf(1), link: url, tabs: 1 },
    ];
    people = await Promise.all(arrivals.map((arrival) => Person.arrive(arrival)));
    await Promise.all(people.flatMap(({ rooms }) => rooms.map((room) => room.whenLive())));

    const reloads: Promise<void>[] = [];
    for (let step = 0; step < STEPS; step++) {
      const person = pick(people);
      if (chance(0.75)) person.act();
      else reloads.push(mishap(person));
      // Some of it happens in the middle of what went before, some after.
      if (chance(0.5)) await new Promise((resolve) => setTimeout(resolve, 20 * random()));
    }
    for (const person of people) person.heal();
    await Promise.all(reloads);

    const rooms = [owner, ...people.flatMap((person) => person.rooms)];
    const settled = ({ state }: Room) =>
      state.connection === "live" && state.complete && state.pending.length + state.amending.length === 0;
    const longest = () => Math.max(...rooms.map(({ state }) => state.messages.through));
    const together = () => rooms.every((room) => settled(room) && room.state.messages.through === longest());
    await until(together).catch(() => expect(rooms.filter((room) => !settled(room)).map(whatIsLeft)).toEqual([]));
    expect(refusals).toEqual([]);

    // Who is here is here once, and who left a broken line behind is not here twice.
    const presentFor = ({ state }: Room) =>
      state.people.flatMap(({ sender, present, typing }) => (present && !typing ? [sender] : [])).sort();
    const here = [...new Set(rooms.flatMap(({ state }) => state.me ?? []))].sort();
    await until(() => rooms.every((room) => presentFor(room).join() === here.join())).catch(() =>
      expect(rooms.map(presentFor)).toEqual(rooms.map(() => here)),
    );

    // The same for everybody, without gaps, as whoever comes now finds it.
    const late = await live(world.client({ node: 1 }).open(url, { name: "Late" }));
    const found = await everything(late);
    expect(found.map(({ seq }) => seq)).toEqual(found.map((_, i) => i + 1));
    expect(found).toHaveLength(longest());
    const { lastSeq } = await world.database.database.chat.findUniqueOrThrow({ where: { id: idBytes(late.chat) } });
    expect(found).toHaveLength(lastSeq);
    for (const room of rooms) {
      expect(room.state.integrity.state).toBe("sealed");
      expect(await everything(room)).toEqual(found);
    }

    const texts = originals(found);
    const byId = new Map(found.map((message) => [message.id, message]));
    for (const { name, written, clicks, rooms: tabs } of people) {
      const me = tabs[0]?.state.me;
      const mine = found.filter(({ sender }) => sender === me);
      // Everything once: what was acknowledged by its id, and what was not (the page was closed before) by its text.
      const there = mine.flatMap(({ id, seq, body }) => {
        const known = written.find((one) => one.id === id);
        const text = texts.get(id);
        if (known) return [{ text: known.text, seq }];
        return body.type === "content" && text ? [{ text: text.replace(/ edited .*/, ""), seq }] : [];
      });
      const unknown = written.filter(({ id, deleting }) => id !== null && !byId.has(id) && !deleting);
      expect([name, unknown]).toEqual([name, []]);
      expect([name, there.map(({ text }) => text)]).toEqual([name, written.map(({ text }) => text)]);
      for (const { id, text, edits, acknowledgedEdits, deleting, deleted } of written) {
        const shown = id === null ? undefined : byId.get(id);
        if (!id || !shown) continue;
        if (deleted) expect([text, shown.body.type]).toEqual([text, "redacted"]);
        else if (!deleting) {
          const edit = Number(/edited (\d+)$/.exec(texts.get(id) ?? "")?.[1] ?? 0);
          expect(edit).toBeGreaterThanOrEqual(acknowledgedEdits);
          expect(edit).toBeLessThanOrEqual(edits);
        }
      }
      for (const [target, { on, stored }] of clicks) {
        if (!stored || byId.get(target)?.body.type === "redacted") continue;
        const thumbs = late.state.reactions.of(target).flatMap(({ senders }) => senders);
        expect([name, thumbs.includes(me ?? ("" as never))]).toEqual([name, on]);
      }
    }
  });

  test("a page that is closed while a message is sealed says nothing more: the next one sends it", async () => {
    const { url, room: owner } = await shareChat(world.client());
    const device = { store: memoryStore(), keepsUnsent: true };
    const page = await comeIn(world.client(device), url, "Grace");
    const here = () => owner.state.people.some(({ sender, present }) => sender === page.state.me && present);
    await until(here);
    const sign = vi.spyOn(crypto.subtle, "sign").mockImplementationOnce((...args) => {
      page.close();
      sign.mockRestore();
      return crypto.subtle.sign(...args);
    });
    await expect(page.send("Half said")).rejects.toMatchObject({ code: "aborted" });
    await until(() => !here());

    const next = await live(world.client(device).reopen(page.chat));
    await says(owner, "Half said");
    await until(() => next.state.pending.length === 0);
    // Nor has the closed one come in again.
    next.close();
    await until(() => !here());
  });

  test("what a line was too old for, after a computer slept, does not come on the next one before the person", async () => {
    const { url } = await shareChat(world.client());
    const room = await comeIn(world.client(), url, "Grace");
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 120_000 });
    try {
      await expect(room.stop(newId<AskId>())).rejects.toMatchObject({ code: "unreachable" });
      await until(() => room.state.connection === "live");
    } finally {
      vi.useRealTimers();
    }
    await room.send("Awake");
  });
});
