import { expect, test } from "vitest";
import { memoryInstallations } from "../stores/memory-installations.ts";
import type { Installed } from "./installed.ts";
import { TokenRefresher } from "./token-refresher.ts";

const HOUR = 60 * 60 * 1000;
const installed = (expiresAt: number | null): Installed => ({
  id: "T1",
  botToken: "old",
  botId: "B1",
  botUser: "U1",
  refreshToken: expiresAt === null ? null : "refresh-1",
  expiresAt,
  scopes: [],
});

/** Nodes that share a store, with a Slack that takes each refresh token once. */
function cluster(expiresAt: number | null) {
  const clock = { now: 0 };
  const store = memoryInstallations(() => clock.now);
  const asked: string[] = [];
  const failures: unknown[] = [];
  const answers: (() => Error | null)[] = [];
  const node = () =>
    new TokenRefresher({
      store,
      now: () => clock.now,
      onFailure: (error) => failures.push(error),
      exchange: async (refreshToken) => {
        asked.push(refreshToken);
        const failure = answers.shift()?.() ?? null;
        if (failure) throw failure;
        return { botToken: `new-${asked.length}`, refreshToken: `refresh-${asked.length + 1}`, expiresIn: 43_200 };
      },
    });
  return { clock, store, asked, failures, answers, node, first: installed(expiresAt) };
}

test.each([
  ["one that lasts", null],
  ["one with more than two hours left", 2 * HOUR + 1],
])("leaves %s as it is", async (_, expiresAt) => {
  const { store, node, asked, first } = cluster(expiresAt);
  await store.save(first);
  expect(await node().fresh(first)).toBe(first);
  expect(asked).toEqual([]);
});

test("renews one that ends soon, and goes on with it meanwhile", async () => {
  const { store, node, asked, first } = cluster(HOUR);
  await store.save(first);
  const refresher = node();
  expect((await refresher.fresh(first)).botToken).toBe("old");
  await refresher.idle();
  expect(await store.find("T1")).toMatchObject({ botToken: "new-1", refreshToken: "refresh-2", expiresAt: 12 * HOUR });
  expect(asked).toEqual(["refresh-1"]);
});

test("of many nodes one renews, and all of them get the new token", async () => {
  const { store, node, asked, first } = cluster(1000);
  await store.save(first);
  const nodes = Array.from({ length: 5 }, node);
  const fresh = await Promise.all(nodes.flatMap((one) => [one.fresh(first), one.fresh(first)]));
  expect(new Set(fresh.map(({ botToken }) => botToken))).toEqual(new Set(["new-1"]));
  expect(asked).toEqual(["refresh-1"]);
});

test("a node that dies over it is followed by another", async () => {
  const { store, node, asked, clock, first } = cluster(1000);
  await store.save(first);
  await store.leaseRefresh("T1", 30_000);
  clock.now += 30_000;
  expect((await node().fresh(first)).botToken).toBe("new-1");
  expect(asked).toEqual(["refresh-1"]);
});

test("a failure is tried again by whoever comes next, and told when nobody waits for it", async () => {
  const { store, node, asked, answers, failures, first } = cluster(HOUR);
  await store.save(first);
  answers.push(() => new Error("down"));
  const refresher = node();
  await refresher.fresh(first);
  await refresher.idle();
  expect(failures).toHaveLength(1);
  await refresher.fresh(first);
  await refresher.idle();
  expect(asked).toEqual(["refresh-1", "refresh-1"]);
  expect(await store.find("T1")).toMatchObject({ botToken: "new-2" });
});

test("an app that was removed meanwhile is not brought back", async () => {
  const { store, node, first } = cluster(1000);
  await expect(node().fresh(first)).rejects.toMatchObject({ code: "not_installed" });
  expect(await store.find("T1")).toBeNull();
});
