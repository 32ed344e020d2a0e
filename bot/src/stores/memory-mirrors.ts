import { type Mirror, type Mirrored, type MirrorPlace, type MirrorStore, placeName } from "../mirror/mirror.ts";

interface Kept {
  readonly mirror: Mirror;
  node: string | null;
  until: number;
  poked: number;
  readonly entries: Map<string, Mirrored>;
}

export function memoryMirrors(now: () => number): MirrorStore {
  const mirrors = new Map<string, Kept>();
  const of = (place: MirrorPlace) => mirrors.get(placeName(place));
  return {
    async add(mirror) {
      if (of(mirror)) return false;
      mirrors.set(placeName(mirror), { mirror, node: null, until: 0, poked: now(), entries: new Map() });
      return true;
    },
    find: async (place) => of(place)?.mirror ?? null,
    async remove(place) {
      mirrors.delete(placeName(place));
    },
    async removeTeam(team) {
      for (const [name, { mirror }] of mirrors) if (mirror.team === team) mirrors.delete(name);
    },
    async lease(node, milliseconds) {
      const mine = [...mirrors.values()].filter((kept) => kept.node === node || kept.until <= now());
      for (const kept of mine) Object.assign(kept, { node, until: now() + milliseconds });
      return mine.map(({ mirror }) => mirror);
    },
    async release(node) {
      for (const kept of mirrors.values()) if (kept.node === node) Object.assign(kept, { node: null, until: 0 });
    },
    async poke(place) {
      const kept = of(place);
      if (kept) kept.poked = now();
      return kept !== undefined;
    },
    pokedAt: async (place) => of(place)?.poked ?? null,
    async threadOf({ team, channel, ts }) {
      const here = [...mirrors.values()].filter(({ mirror }) => mirror.team === team && mirror.channel === channel);
      return here.find(({ entries }) => [...entries.values()].some((entry) => entry.ts === ts))?.mirror.thread ?? null;
    },
    entries: async (place) => [...(of(place)?.entries.values() ?? [])],
    async keep(place, entry) {
      of(place)?.entries.set(entry.message, entry);
    },
    async drop(place, message) {
      of(place)?.entries.delete(message);
    },
  };
}
