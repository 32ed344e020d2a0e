import { memoryStore, ShareClient } from "@openmates-share/client";
import { startProgram } from "@openmates-share/testing/program";
import { benchConversation } from "../conversation.ts";
import type { Measurement } from "../measurement.ts";
import { median, takeRounds } from "../rounds.ts";
import { answersPerSecond } from "../storm.ts";

export const previews: Measurement = {
  name: "previews",
  title: "Preview pages beside bare node:http",
  async run(world) {
    const { url } = await world.server();
    const owner = new ShareClient({ server: url, store: memoryStore() });
    const preview = { title: "A log", summary: "What a night was like.", category: "general_knowledge" } as const;
    const { chat } = await owner.share(benchConversation(10), { mode: "read-only", preview });
    await owner.close();
    const page = `${url}/share/chat/${chat}`;
    const length = (await (await fetch(page)).arrayBuffer()).byteLength;
    const bare = await startProgram({ script: "bench/dist/bare-http.js", env: { BODY_LENGTH: String(length) } });
    try {
      const figures = await takeRounds({
        ours: () => answersPerSecond(page),
        missing: () => answersPerSecond(`${url}/share/chat/${"0".repeat(chat.length)}`),
        bare: () => answersPerSecond(bare.ready),
      });
      const rival = { what: "bare node:http", value: median(figures.bare) };
      const limit = { least: 0.8 };
      return [
        {
          what: "page with a card",
          value: median(figures.ours),
          unit: "per second",
          rival,
          limit,
          note: `${length} bytes`,
        },
        { what: "page without", value: median(figures.missing), unit: "per second", rival, limit },
      ];
    } finally {
      await bare.stop();
    }
  },
};
