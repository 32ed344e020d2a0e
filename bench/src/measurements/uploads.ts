import { memoryStore, ShareClient } from "@openmates-share/client";
import { benchConversation } from "../conversation.ts";
import { conversation } from "../export-file.ts";
import type { Measurement } from "../measurement.ts";
import { watch } from "../reader-page.ts";
import { median, takeRounds, timed } from "../rounds.ts";
import type { World } from "../world.ts";

const MESSAGES = 10_000;
/** What a person begins to feel, milliseconds. */
const MAX_BLOCK = 100;

export const uploads: Measurement = {
  name: "uploads",
  title: "Encrypting and uploading a long conversation",
  async run(world) {
    const length = world.scaled(MESSAGES);
    const browser = inBrowser(world, length);
    const { url: server } = await world.server();
    const node = async () => {
      const owner = new ShareClient({ server, store: memoryStore() });
      const time = await timed(() => owner.share(benchConversation(length), { mode: "read-only" }));
      await owner.close();
      return time / length;
    };
    const figures = await takeRounds({ browser: browser.run, node });
    const note = `${length.toLocaleString("en")} messages`;
    return [
      {
        what: "Chromium, per message",
        value: median(figures.browser),
        unit: "ms",
        rival: { what: "Node", value: median(figures.node) },
        note,
      },
      {
        what: "Chromium: longest block of the page meanwhile",
        value: median(browser.blocks),
        unit: "ms",
        limit: { most: MAX_BLOCK },
        note: `of ${browser.blocks.length}: ${browser.blocks.map(Math.round).join(", ")}; below 50 is told as 0`,
      },
    ];
  },
};

/** As a person does it: an imported file, shared by the dialog. */
function inBrowser(world: World, length: number) {
  const blocks: number[] = [];
  const buffer = Buffer.from(JSON.stringify([conversation(1, length)]));
  const run = async () => {
    const { url } = await world.server();
    const profile = await (await world.browser()).profile();
    await watch(profile);
    const page = await profile.open(url);
    const file = { name: "conversations.json", mimeType: "application/json", buffer };
    await page.getByLabel("Conversation file").setInputFiles(file);
    await page.getByRole("button", { name: "Share", exact: true }).click();
    const create = page.getByRole("dialog").getByRole("button", { name: "Create link" });
    await create.waitFor();
    await page.evaluate(() => window.benchBlocks.splice(0));
    const time = await timed(async () => {
      await create.click();
      await page.getByRole("dialog", { name: "Your chat is shared" }).waitFor({ timeout: 300_000 });
    });
    blocks.push(Math.max(0, ...(await page.evaluate(() => window.benchBlocks))));
    await profile.context.close();
    return time / length;
  };
  return { blocks, run };
}
