import { createHash, randomBytes } from "node:crypto";
import type { InstallURLOptions, StateStore } from "@slack/bolt";
import type { InstallStateStore } from "./installation-store.ts";

/** How long somebody may take to read what they allow. */
const STATE_MS = 10 * 60 * 1000;

/**
 * States of installations under way: random, good on any node, once, for ten minutes. Everybody installs the same, so the
 * options need not travel with them.
 */
export function installStates(store: InstallStateStore, options: InstallURLOptions): StateStore {
  return {
    async generateStateParam() {
      const state = randomBytes(32).toString("base64url");
      await store.add(hashOf(state), STATE_MS);
      return state;
    },
    async verifyStateParam(_, state) {
      if (await store.take(hashOf(state))) return options;
      throw new Error("This installation was begun elsewhere, finished already, or took too long.");
    },
  };
}

function hashOf(state: string): Uint8Array {
  return createHash("sha256").update(state).digest();
}
