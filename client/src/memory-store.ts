import type { SecretStore } from "./secret-store.ts";

/** Keeps secrets as long as the process lives: for one-off reads and tests. Several clients may share it, as tabs do. */
export function memoryStore(): SecretStore {
  const values = new Map<string, Uint8Array>();
  const turns = new Map<string, Promise<unknown>>();
  const watchers = new Set<(name: string) => void>();
  const tell = (name: string) => {
    for (const watcher of watchers) watcher(name);
  };
  return {
    get: async (name) => values.get(name)?.slice() ?? null,
    set: async (name, value) => {
      values.set(name, value.slice());
      tell(name);
    },
    delete: async (name) => {
      values.delete(name);
      tell(name);
    },
    names: async (prefix) => [...values.keys()].filter((name) => name.startsWith(prefix)),
    exclusively: (name, work) => {
      const turn = (turns.get(name) ?? Promise.resolve()).then(work, work);
      turns.set(name, turn);
      return turn;
    },
    watch: (prefix, changed) => {
      const watcher = (name: string) => {
        if (name.startsWith(prefix)) changed();
      };
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
  };
}
