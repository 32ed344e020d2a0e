import type { SecretStore } from "./secret-store.ts";

/** Keeps secrets as long as the process lives: for one-off reads and tests. */
export function memoryStore(): SecretStore {
  const values = new Map<string, Uint8Array>();
  return {
    get: async (name) => values.get(name)?.slice() ?? null,
    set: async (name, value) => {
      values.set(name, value.slice());
    },
    delete: async (name) => {
      values.delete(name);
    },
    names: async (prefix) => [...values.keys()].filter((name) => name.startsWith(prefix)),
  };
}
