import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ShareWorld } from "./share-world.ts";
import { until } from "./until.ts";

let world: ShareWorld;
beforeAll(async () => {
  world = await ShareWorld.start();
});
afterAll(() => world.stop());

/** Asks the nodes in turns, as a balancer without stickiness does. */
function inTurns(): typeof fetch {
  let turn = 0;
  return (input, init) => {
    turn += 1;
    return fetch(String(input).replace(world.urlOf(0), world.urlOf(turn % 2 === 0 ? 0 : 1)), init);
  };
}

async function upload() {
  const bytes = new Uint8Array(randomBytes(2_500_000));
  const owner = world.client({ fetch: inTurns() });
  const draft = { blob: new Blob([bytes]), name: "coast.bin", mediaType: "application/octet-stream", chat: null };
  const { ref } = await owner.uploadEmbed(draft);
  const embeds = await owner.embeds();
  const { url, link } = await embeds.createLink(ref.id);
  return { bytes, embeds, embed: ref.id, url, revoke: () => embeds.revokeLink(ref.id, link) };
}

test("a file whose parts went to two nodes is read from either, and from neither once one of them has revoked the link", async () => {
  const { bytes, url, revoke } = await upload();
  const opened = await Promise.all([
    world.client({ node: 0 }).openEmbed(url),
    world.client({ node: 1 }).openEmbed(url),
  ]);
  for (const embed of opened) {
    expect(Buffer.from(await (await embed.blob()).arrayBuffer()).equals(bytes)).toBe(true);
  }
  await revoke();
  for (const embed of opened) await expect(embed.blob()).rejects.toMatchObject({ code: "not_found" });
  for (const node of [0, 1] as const) {
    await expect(world.client({ node }).openEmbed(url)).rejects.toMatchObject({ code: "not_found" });
  }
});

test("its card is kept by every node, and gone from every node once its last link is", async () => {
  const { embeds, embed, revoke } = await upload();
  await embeds.setPreview(embed, { title: "Map of the coast", summary: "2.5 MB", type: "file" });
  const page = async (node: 0 | 1) => (await fetch(`${world.urlOf(node)}/share/embed/${embed}`)).text();
  const bothShowIt = async () =>
    (await Promise.all([page(0), page(1)])).every((html) => html.includes("Map of the coast"));
  expect(await bothShowIt()).toBe(true);
  const { embed: rows } = world.database.database;
  const { preview } = await rows.findFirstOrThrow();
  // Behind the nodes' backs: the card that they show is the one they keep. Word of the change may still be on its way
  // to the other node and empties what it holds, so it is asked until nothing is on its way any more.
  await until(async () => {
    await rows.updateMany({ data: { preview } });
    const loaded = await bothShowIt();
    await rows.updateMany({ data: { preview: null } });
    return loaded && (await bothShowIt());
  });
  await revoke();
  await until(async () => !(await page(0)).includes("coast") && !(await page(1)).includes("coast"));
});
