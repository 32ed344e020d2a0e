import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { newId, WRAPPED_REPLY_KEY_LENGTH } from "@openmates-share/protocol/wire";
import { canPin, NOT_PINNED } from "../cores.ts";
import { type OurChat, openChat } from "../load/our-room.ts";
import { type PacedModel, startPacedModel } from "../load/paced-model.ts";
import type { Measurement } from "../measurement.ts";
import { cpuSeconds } from "../process-figures.ts";
import { median, quantile, takeRounds } from "../rounds.ts";
import type { World } from "../world.ts";

const ASKS = 20;
/** What a model says, piece by piece, as fast ones do. */
const CHUNKS = 1_500;
const CHUNKS_PER_SECOND = 500;
const ROOM = 10;

export const answers: Measurement = {
  name: "answers",
  title: "Between the model and the reader",
  async run(world) {
    world.takeLoadCore();
    const model = await startPacedModel();
    try {
      const env = { OPENAI_BASE_URL: model.url, OPENAI_API_KEY: "bench", OPENAI_MODEL: "m" };
      const server = await world.freshServer({ env });
      const many = Math.max(3, world.scaled(ASKS));
      const figures = await takeRounds({
        ours: () => repeated(many, () => firstDelta(server.url, model)),
        direct: () => repeated(many, () => firstPiece(model)),
      });
      const chunks = await takeRounds({ ours: () => cpuPerChunk(world, { url: server.url, pid: server.pid, model }) });
      const pinned = canPin() ? "" : `; ${NOT_PINNED}`;
      const [ours, direct] = [median(figures.ours), median(figures.direct)];
      return [
        {
          what: "time added to the model's first piece",
          value: ours - direct,
          unit: "ms",
          limit: { most: 1.6 },
          note: `from the model's writing to a member's reading ${ours.toFixed(2)} ms, straight from the model ${direct.toFixed(2)} ms${pinned}`,
        },
        {
          what: "processor time for each piece of the model's",
          value: median(chunks.ours) * 1e6,
          unit: "µs",
          note: `${CHUNKS_PER_SECOND} pieces a second, sealed and told to ${ROOM} people, up to 30 packets a second${pinned}`,
        },
      ];
    } finally {
      await model.stop();
    }
  },
};

async function repeated(times: number, work: () => Promise<number>): Promise<number> {
  const figures: number[] = [];
  for (let turn = 0; turn < times; turn += 1) figures.push(await work());
  return quantile(figures, 0.5);
}

/** Asks in a chat; resolves when the mate has taken it. */
async function ask({ chat, owner }: OurChat): Promise<void> {
  const message = newId();
  const sent = owner.prepare({ size: 200, id: message });
  const stored = new Promise<void>((resolve) => {
    owner.onEvent = (event) => void (event === "messages" && resolve());
  });
  owner.send(sent);
  await stored;
  await owner.request("ask", {
    chat,
    ask: newId(),
    message,
    replyKey: new Uint8Array(32),
    wrappedReplyKey: new Uint8Array(WRAPPED_REPLY_KEY_LENGTH),
    epoch: 1,
    context: [{ role: "user", name: "Ada", text: "Hello" }],
    model: null,
  });
}

/** Milliseconds from the model's first word to the room's first delta. */
async function firstDelta(server: string, model: PacedModel): Promise<number> {
  const chat = await openChat(server);
  const answer = model.next();
  await ask(chat);
  const heard = new Promise<number>((resolve) => {
    chat.owner.onEvent = (event) => void (event === "delta" && resolve(performance.now()));
  });
  const { say, end } = await answer;
  // The request has only just come: what is still to be done about it is not the way of the first word.
  await pause(20);
  const start = performance.now();
  say("One");
  const time = (await heard) - start;
  end();
  chat.owner.close();
  return time;
}

async function firstPiece(model: PacedModel): Promise<number> {
  const answer = model.next();
  const asking = request(`${model.url}/chat/completions`, { method: "POST" }).end("{}");
  const [reading] = (await once(asking, "response")) as [IncomingMessage];
  const heard = once(reading, "data").then(() => performance.now());
  const { say, end } = await answer;
  await pause(20);
  const start = performance.now();
  say("One");
  const time = (await heard) - start;
  end();
  reading.resume();
  return time;
}

async function cpuPerChunk(world: World, options: { url: string; pid: number; model: PacedModel }): Promise<number> {
  const { url, pid, model } = options;
  const chat = await openChat(url);
  const members = await Promise.all(Array.from({ length: ROOM - 1 }, () => chat.member()));
  const answer = model.next();
  await ask(chat);
  const { say, end } = await answer;
  const ended = new Promise<void>((resolve) => {
    chat.owner.onEvent = (event, payload) => {
      if (event === "ask" && (payload as { status: { state: string } }).status.state === "answered") resolve();
    };
  });
  const chunks = Math.max(50, world.scaled(CHUNKS));
  const before = await cpuSeconds(pid);
  const start = performance.now();
  for (let said = 0; said < chunks; ) {
    const due = Math.min(chunks, ((performance.now() - start) / 1000) * CHUNKS_PER_SECOND);
    for (; said < due; said += 1) say(" word");
    await pause(2);
  }
  end();
  await ended;
  const cpu = (await cpuSeconds(pid)) - before;
  for (const peer of [chat.owner, ...members]) peer.close();
  return cpu / chunks;
}
