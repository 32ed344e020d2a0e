import { randomBytes } from "node:crypto";
import { memoryStore, ShareClient } from "@openmates-share/client";
import {
  bearerOfLink,
  type ChatId,
  idBytes,
  type LinkId,
  newId,
  ownBytes,
  parseLinkBearer,
} from "@openmates-share/protocol/wire";
import { bearerOf } from "../chat.ts";
import { Connection, fromAnotherSource } from "../connection.ts";
import { benchConversation } from "../conversation.ts";
import type { Measurement } from "../measurement.ts";
import { quantile } from "../rounds.ts";
import type { Row } from "../row.ts";
import type { World } from "../world.ts";

/** What is asked for, and shown, in vain. */
interface Refused {
  readonly chat: ChatId;
  readonly bearer: string;
}

const REQUESTS = 2_000;
/** How far one kind's median may be from the unknown chat's, unless two unknown chats differ by more. */
const TOLERANCE = 0.05;

const DOORS = { opening: ["GET", ""], "being counted": ["POST", "/views"], pages: ["GET", "/messages"] } as const;

export const refusals: Measurement = {
  name: "refusals",
  title: "How long the not-found answer takes, whatever its reason (R6)",
  async run(world) {
    const kinds = await refusedKinds(world);
    const { url } = await world.server();
    const rows: Row[] = [];
    for (const [door, [method, path]] of Object.entries(DOORS)) {
      const connection = new Connection(url);
      const ask = ({ chat, bearer }: Refused) =>
        vain(connection, { route: `${method} /api/chats/${chat}${path}`, bearer });
      rows.push(...rowsOf(door, await interleaved(kinds, { ask, requests: world.scaled(REQUESTS) })));
      connection.stop();
    }
    return rows;
  },
};

/** Each with an unknown chat's figures to stand beside, and one more of those for the noise. */
async function refusedKinds(world: World): Promise<Readonly<Record<string, Refused>>> {
  const { url: server } = await world.server();
  const database = await world.database();
  const owner = new ShareClient({ server, store: memoryStore() });
  try {
    const { chat, url } = await owner.share(benchConversation(10), { mode: "read-only" });
    const made = async () => {
      const link = await owner.createLink(chat, { mode: "read-only" });
      return { link: link.link, refused: { chat, bearer: await bearerOf(link.url) } };
    };
    const [expired, revoked, named, used] = [await made(), await made(), await made(), await made()];
    const change = (link: LinkId, data: Parameters<typeof database.link.updateMany>[0]["data"]) =>
      database.link.updateMany({ where: { id: idBytes(link) }, data });
    await owner.revokeLink(chat, revoked.link);
    await change(expired.link, { expiresAt: new Date(Date.now() - 60_000) });
    await change(named.link, { audience: "named", addressLookup: bytes(32), addressSealed: bytes(60) });
    await change(used.link, { viewLimit: 3, views: 3 });
    const own = await owner.share(benchConversation(10), { mode: "read-only" });
    await owner.unshare(own.chat);
    const right = parseLinkBearer(await bearerOf(url));
    return {
      unknown: { chat: newId<ChatId>(), bearer: anyBearer() },
      "unknown (again)": { chat: newId<ChatId>(), bearer: anyBearer() },
      private: { chat: own.chat, bearer: await bearerOf(own.url) },
      expired: expired.refused,
      revoked: revoked.refused,
      "wrong token": { chat, bearer: anyBearer(right?.link) },
      "unknown link": { chat, bearer: anyBearer() },
      "for somebody else": named.refused,
      "views used up": used.refused,
    };
  } finally {
    await owner.close();
  }
}

function anyBearer(link: LinkId = newId<LinkId>()): string {
  return bearerOfLink({ link, token: bytes(32) });
}

function bytes(length: number) {
  return ownBytes(randomBytes(length));
}

async function vain(connection: Connection, { route, bearer }: { route: string; bearer: string }): Promise<number> {
  const headers = { authorization: `Bearer ${bearer}`, ...fromAnotherSource() };
  const { status, milliseconds } = await connection.ask(route, headers);
  if (status !== 404) throw new Error(`${route} was answered with ${status}, and 404 was expected.`);
  return milliseconds * 1000;
}

/** One request of each kind in every round, in an order that never repeats. */
async function interleaved(
  kinds: Readonly<Record<string, Refused>>,
  { ask, requests }: { ask: (refused: Refused) => Promise<number>; requests: number },
): Promise<ReadonlyMap<string, readonly number[]>> {
  const names = Object.keys(kinds);
  const figures = new Map(names.map((name) => [name, [] as number[]]));
  const warming = Math.ceil(requests / 10);
  for (let round = 0; round < requests + warming; round += 1) {
    for (const name of shuffled(names)) {
      const figure = await ask(kinds[name] as Refused);
      if (round >= warming) figures.get(name)?.push(figure);
    }
  }
  return figures;
}

function shuffled(names: readonly string[]): readonly string[] {
  const places = names.map((name) => ({ name, place: Math.random() }));
  return places.toSorted((a, b) => a.place - b.place).map(({ name }) => name);
}

function rowsOf(door: string, figures: ReadonlyMap<string, readonly number[]>): Row[] {
  const middle = (name: string) => quantile(figures.get(name) ?? [], 0.5);
  const unknown = middle("unknown");
  const noise = Math.abs(middle("unknown (again)") / unknown - 1);
  return [...figures]
    .filter(([name]) => name !== "unknown")
    .map(([name, all]) => ({
      what: `${door}: ${name}`,
      value: middle(name),
      unit: "µs",
      rival: { what: "unknown", value: unknown },
      limit: { within: Math.max(TOLERANCE, 2 * noise) },
      note: `of ${all.length}: ${[0.05, 0.25, 0.75, 0.95].map((share) => `p${share * 100} ${Math.round(quantile(all, share))}`).join(", ")}`,
    }));
}
