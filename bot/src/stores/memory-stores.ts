import { memoryStore, type SecretStore } from "@openmates-share/client";
import { memoryCards } from "./memory-cards.ts";
import { memoryEvents, memoryInstallations, memoryInstallStates } from "./memory-installations.ts";
import { memoryJobs } from "./memory-jobs.ts";
import { memoryMirrors } from "./memory-mirrors.ts";
import { type Share, type Stores, UNFURL_PAUSE_MS, type UnfurlSpot } from "./stores.ts";

/** Stores that end with the process, for tests of what stands on them; the contract tests run on these, too. */
export function memoryStores(options: { now?: () => number } = {}): Stores {
  const now = options.now ?? Date.now;
  const shares = new Set<Share>();
  const unfurled = new Map<string, number>();
  const secrets = new Map<string, SecretStore>();
  const newestFirst = (matches: (share: Share) => boolean) =>
    [...shares]
      .filter((share) => matches(share) && (share.expiresAt ?? Number.POSITIVE_INFINITY) > now())
      .sort((a, b) => b.createdAt - a.createdAt);
  const isOf =
    ({ team, chat, link }: Share) =>
    (share: Share) =>
      share.team === team && share.chat === chat && share.link === link;
  const keyOf = ({ team, place, subject }: UnfurlSpot) => JSON.stringify([team, place, subject]);

  return {
    shares: {
      async add(share) {
        shares.add(share);
      },
      async ofUser({ team, user, limit }) {
        return newestFirst((share) => share.team === team && share.user === user).slice(0, limit);
      },
      async ofChat({ team, user, chat }) {
        return newestFirst((share) => share.team === team && share.user === user && share.chat === chat);
      },
      async byChat({ team, chat }) {
        return newestFirst((share) => share.team === team && share.chat === chat);
      },
      async update(changed) {
        for (const share of [...shares].filter(isOf(changed))) {
          shares.delete(share);
          shares.add({ ...share, lastTs: changed.lastTs, cardTs: changed.cardTs });
        }
      },
      async markRevoked(revoked) {
        for (const share of [...shares].filter(isOf(revoked))) shares.delete(share);
      },
      async moveChannel({ team, from, to }) {
        for (const share of [...shares].filter((one) => one.team === team && one.channel === from)) {
          shares.delete(share);
          shares.add({ ...share, channel: to });
        }
      },
    },
    unfurls: {
      async claim(spot) {
        const before = unfurled.get(keyOf(spot));
        if (before !== undefined && now() - before < UNFURL_PAUSE_MS) return false;
        unfurled.set(keyOf(spot), now());
        return true;
      },
      async release(spot) {
        unfurled.delete(keyOf(spot));
      },
    },
    installations: memoryInstallations(now),
    installStates: memoryInstallStates(now),
    events: memoryEvents(),
    jobs: memoryJobs(now),
    cards: memoryCards(now),
    mirrors: memoryMirrors(now),
    secrets(team) {
      const store = secrets.get(team) ?? memoryStore();
      secrets.set(team, store);
      return store;
    },
    async close() {},
  };
}
