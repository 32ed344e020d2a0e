import { memoryStore, ShareClient } from "@openmates-share/client";
import { newId } from "@openmates-share/protocol/wire";
import { startProgram } from "@openmates-share/testing/program";
import { benchConversation } from "../conversation.ts";
import type { Measurement } from "../measurement.ts";
import { median, takeRounds } from "../rounds.ts";
import type { Row } from "../row.ts";
import { answersPerSecond } from "../storm.ts";

const ROUNDS = 9;

export const previews: Measurement = {
  name: "previews",
  title: "Preview pages beside bare node:http, same answer",
  async run(world) {
    const { url } = await world.server();
    const owner = new ShareClient({ server: url, store: memoryStore() });
    const preview = { title: "A log", summary: "What a night was like.", category: "general_knowledge" } as const;
    const { chat } = await owner.share(benchConversation(10), { mode: "read-only", preview });
    await owner.close();
    const page = `${url}/share/chat/${chat}`;
    const answer = await fetch(page);
    const body = Buffer.from(await answer.arrayBuffer());
    const { date: _, connection: __, "keep-alive": ___, ...headers } = Object.fromEntries(answer.headers);
    const env = { HEADERS: JSON.stringify(headers), BODY: body.toString("base64") };
    const bare = await startProgram({ script: "bench/dist/bare-http.js", env });
    try {
      const beside = async (what: string, url: string): Promise<Row> => {
        // Two at a time: of three, one would always follow the same one.
        const figures = await takeRounds(
          { ours: () => answersPerSecond(url), bare: () => answersPerSecond(bare.ready) },
          ROUNDS,
        );
        const rival = { what: "bare node:http, same answer", value: median(figures.bare) };
        const note = `of ${ROUNDS}: ratios ${figures.ours.map((one, at) => (one / (figures.bare[at] ?? 0)).toFixed(2)).join(", ")}`;
        return { what, value: median(figures.ours), unit: "per second", rival, limit: { least: 0.8 }, note };
      };
      return [
        await beside(`page with a card, ${body.length} bytes`, page),
        await beside("page of an unknown chat", `${url}/share/chat/${newId()}`),
      ];
    } finally {
      await bare.stop();
    }
  },
};
