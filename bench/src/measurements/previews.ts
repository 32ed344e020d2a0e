import { memoryStore, ShareClient } from "@openmates-share/client";
import { newId } from "@openmates-share/protocol/wire";
import { benchConversation } from "../conversation.ts";
import { canPin, NOT_PINNED } from "../cores.ts";
import type { Measurement } from "../measurement.ts";
import { median, takeRounds } from "../rounds.ts";
import type { Row } from "../row.ts";
import { answersPerSecond } from "../storm.ts";

const ROUNDS = 9;

export const previews: Measurement = {
  name: "previews",
  title: "Preview pages beside bare node:http, same answer",
  async run(world) {
    world.takeLoadCore();
    const { url } = await world.pinnedServer();
    const owner = new ShareClient({ server: url, store: memoryStore() });
    const preview = { title: "A log", summary: "What a night was like.", category: "general_knowledge" } as const;
    const { chat } = await owner.share(benchConversation(10), { mode: "read-only", preview });
    await owner.close();
    const beside = async (what: string, page: string): Promise<Row> => {
      const bare = await world.rival("bare-http", await sameAnswer(page));
      // Two at a time: of three, one would always follow the same one.
      const figures = await takeRounds(
        { ours: () => answersPerSecond(page), bare: () => answersPerSecond(bare.ready) },
        ROUNDS,
      );
      await bare.stop();
      const rival = { what: "bare node:http, same answer", value: median(figures.bare) };
      const note = `of ${ROUNDS}: ratios ${figures.ours.map((one, at) => (one / (figures.bare[at] ?? 0)).toFixed(2)).join(", ")}${canPin() ? "" : `; ${NOT_PINNED}`}`;
      return { what, value: median(figures.ours), unit: "per second", rival, limit: { least: 0.8 }, note };
    };
    return [
      await beside("page with a card", `${url}/share/chat/${chat}`),
      await beside("page of an unknown chat", `${url}/share/chat/${newId()}`),
    ];
  },
};

/** What `bare-http.ts` has to know to answer as the server does. */
async function sameAnswer(page: string): Promise<Readonly<Record<string, string>>> {
  const answer = await fetch(page);
  const body = Buffer.from(await answer.arrayBuffer());
  const { date: _, connection: __, "keep-alive": ___, ...headers } = Object.fromEntries(answer.headers);
  return { HEADERS: JSON.stringify(headers), BODY: body.toString("base64") };
}
