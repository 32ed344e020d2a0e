import type { EventStore } from "../delivery/intake.ts";
import type { InstallationStore, InstallStateStore } from "../installations/installation-store.ts";
import type { Installed } from "../installations/installed.ts";

export function memoryInstallations(now: () => number): InstallationStore {
  const installed = new Map<string, Installed>();
  const leases = new Map<string, number>();
  return {
    find: async (id) => installed.get(id) ?? null,
    async save(one) {
      installed.set(one.id, one);
      leases.delete(one.id);
    },
    async erase(id) {
      installed.delete(id);
    },
    async leaseRefresh(id, milliseconds) {
      const found = installed.get(id);
      if (!found || (leases.get(id) ?? 0) > now()) return null;
      leases.set(id, now() + milliseconds);
      return found;
    },
    async saveRefreshed(one) {
      if (installed.has(one.id)) installed.set(one.id, one);
      leases.delete(one.id);
    },
    async releaseRefresh(id) {
      leases.delete(id);
    },
  };
}

export function memoryInstallStates(now: () => number): InstallStateStore {
  const until = new Map<string, number>();
  const keyOf = (hash: Uint8Array) => Buffer.from(hash).toString("hex");
  return {
    async add(hash, milliseconds) {
      until.set(keyOf(hash), now() + milliseconds);
    },
    async take(hash) {
      const end = until.get(keyOf(hash)) ?? 0;
      until.delete(keyOf(hash));
      return end > now();
    },
  };
}

export function memoryEvents(): EventStore {
  const seen = new Set<string>();
  return {
    async claim(eventId) {
      if (seen.has(eventId)) return false;
      seen.add(eventId);
      return true;
    },
    async release(eventId) {
      seen.delete(eventId);
    },
  };
}
