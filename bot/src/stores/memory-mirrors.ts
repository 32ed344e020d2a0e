import {
  type HeldPlace,
  type LeasedMirror,
  type Mirror,
  type Mirrored,
  type MirrorPlace,
  type MirrorProgress,
  type MirrorStore,
  notHeld,
  placeName,
} from "../mirror/mirror.ts";

interface Kept {
  mirror: Mirror;
  node: string | null;
  until: number;
  progress: MirrorProgress;
  readonly entries: Map<string, Mirrored>;
  /** Null for all messages. */
  touched: { readonly id: bigint; readonly ts: string | null }[];
}

const BEGINNING: MirrorProgress = { chatThrough: 0, slackThrough: null, paused: null, ceded: false };

export function memoryMirrors(now: () => number): MirrorStore {
  const mirrors = new Map<string, Kept>();
  const of = (place: MirrorPlace) => mirrors.get(placeName(place));
  const heldBy = (place: HeldPlace) => {
    const kept = of(place);
    if (kept?.node !== place.node) throw notHeld();
    return kept;
  };
  const entriesOf = (place: MirrorPlace) => [...(of(place)?.entries.values() ?? [])];
  let last = 0n;
  const note = (kept: Kept, ts: string | null) => {
    last += 1n;
    kept.touched.push({ id: last, ts });
  };
  return {
    async add(mirror) {
      if (of(mirror)) return false;
      const fresh = { mirror, node: null, until: 0, progress: BEGINNING };
      mirrors.set(placeName(mirror), { ...fresh, entries: new Map(), touched: [] });
      return true;
    },
    find: async (place) => of(place)?.mirror ?? null,
    remove: async (place) => mirrors.delete(placeName(place)),
    async removeTeam(team) {
      const ended = [...mirrors.values()].map(({ mirror }) => mirror).filter((mirror) => mirror.team === team);
      for (const mirror of ended) mirrors.delete(placeName(mirror));
      return ended;
    },
    async ofChannel({ team, channel }) {
      return [...mirrors.values()].map(({ mirror }) => mirror).filter((one) => isIn(one, { team, channel }));
    },
    async moveChannel({ team, from, to }) {
      for (const [name, kept] of [...mirrors]) {
        if (!isIn(kept.mirror, { team, channel: from })) continue;
        mirrors.delete(name);
        kept.mirror = { ...kept.mirror, channel: to };
        mirrors.set(placeName(kept.mirror), kept);
      }
    },
    async ofChat({ team, chat }) {
      return [...mirrors.values()].map(({ mirror }) => mirror).filter((one) => one.team === team && one.chat === chat);
    },
    async lease(node, milliseconds) {
      const mine = [...mirrors.values()].filter((kept) => kept.node === node || kept.until <= now());
      for (const kept of mine) Object.assign(kept, { node, until: now() + milliseconds });
      return mine.map(({ mirror, touched }): LeasedMirror => ({ ...mirror, touched: touched.length > 0 }));
    },
    async hold(place, node, milliseconds) {
      const kept = of(place);
      if (kept?.node !== node) return false;
      kept.until = now() + milliseconds;
      return true;
    },
    async release(node) {
      for (const kept of mirrors.values()) if (kept.node === node) Object.assign(kept, { node: null, until: 0 });
    },
    async touch(place, ts) {
      const kept = of(place);
      if (kept) note(kept, ts);
      return kept !== undefined;
    },
    async touched(place) {
      const touched = of(place)?.touched ?? [];
      const stamps = new Set(touched.map(({ ts }) => ts));
      const all = stamps.delete(null);
      return { all, stamps: [...stamps].filter((ts) => ts !== null), through: touched.at(-1)?.id ?? 0n };
    },
    async settle(place, through) {
      const kept = of(place);
      if (kept) kept.touched = kept.touched.filter(({ id }) => id > through);
    },
    async missed(where) {
      for (const kept of mirrors.values()) if (isIn(kept.mirror, where)) note(kept, null);
    },
    progress: async (place) => of(place)?.progress ?? BEGINNING,
    async advance(place, progress) {
      const kept = heldBy(place);
      kept.progress = { ...kept.progress, ...progress };
    },
    async threadOf({ team, channel, ts }) {
      const here = [...mirrors.values()].filter(({ mirror }) => mirror.team === team && mirror.channel === channel);
      return here.find(({ entries }) => [...entries.values()].some((entry) => entry.ts === ts))?.mirror.thread ?? null;
    },
    async withFile({ team, file }) {
      const has = ({ files }: Mirrored) => files.some((one) => one.file === file);
      return [...mirrors.values()]
        .filter(({ mirror }) => mirror.team === team)
        .flatMap(({ mirror, entries }) =>
          [...entries.values()].flatMap((entry) =>
            has(entry) && entry.ts ? [{ ...placeOf(mirror), ts: entry.ts }] : [],
          ),
        );
    },
    entry: async (place, message) => of(place)?.entries.get(message) ?? null,
    entryAt: async (place, ts) => entriesOf(place).find((entry) => entry.ts === ts) ?? null,
    entries: async (place) => entriesOf(place),
    unfinished: async (place) => entriesOf(place).filter(({ ts, filesLeft }) => ts === null || filesLeft > 0),
    async note(place, entry) {
      const { entries } = heldBy(place);
      const known = entries.get(entry.message) ?? entry;
      entries.set(entry.message, known);
      return known;
    },
    async keep(place, entry) {
      heldBy(place).entries.set(entry.message, entry);
    },
    async drop(place, message) {
      heldBy(place).entries.delete(message);
    },
  };
}

function isIn(mirror: MirrorPlace, { team, channel }: { team: string; channel?: string }): boolean {
  return mirror.team === team && (channel === undefined || mirror.channel === channel);
}

function placeOf({ team, channel, thread }: MirrorPlace): MirrorPlace {
  return { team, channel, thread };
}
