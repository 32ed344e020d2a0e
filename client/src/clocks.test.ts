import { type ChatId, newId } from "@openmates-share/protocol/wire";
import { expect, it } from "vitest";
import { Api } from "./api.ts";
import { OwnerApi } from "./owner-api.ts";

const HOUR = 3_600_000;

/** A server whose clock goes so far ahead, and which keeps the ends of the links that are made. */
function serverAhead(ahead: number) {
  const ends: unknown[] = [];
  const fetch = async (_: unknown, init: RequestInit = {}) => {
    const headers = { date: new Date(Date.now() + ahead).toUTCString() };
    if (init.method === "GET") {
      const links = ends.map((expiresAt) => ({
        ...{ link: newId(), mode: "read-only", audience: { type: "public" }, label: null },
        ...{ createdAt: 0, expiresAt, viewLimit: null, views: 0, lastOpenedOn: null },
      }));
      return Response.json({ links }, { headers });
    }
    ends.push(JSON.parse(String(init.body)).expiresAt);
    return Response.json({}, { headers });
  };
  return { api: new OwnerApi(new Api({ server: "http://server", fetch: fetch as typeof globalThis.fetch })), ends };
}

it.each([
  ["a day ahead", 24 * HOUR],
  ["a day behind", -24 * HOUR],
  ["a few seconds off", 5_000],
])("links end when the server's clock says so, and are shown by this one's: %s", async (_, ahead) => {
  const { api, ends } = serverAhead(ahead);
  const chat = newId<ChatId>();
  await api.links(chat, {});
  const inAnHour = Date.now() + HOUR;
  for (const expiresAt of [inAnHour, null]) await api.createLink(chat, { link: { expiresAt } as never, as: {} });
  const [end] = ends as number[];
  // As exact as the date of an answer is, and clocks that nearly agree are left alone.
  expect(Math.abs((end ?? 0) - inAnHour - ahead)).toBeLessThanOrEqual(60_000);
  expect((await api.links(chat, {})).map(({ expiresAt }) => expiresAt)).toEqual([inAnHour, null]);
});
