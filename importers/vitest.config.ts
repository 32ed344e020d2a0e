import { defineConfig } from "vitest/config";

export default defineConfig({
  // Nothing is proved by being quick: a busy machine takes long.
  test: { testTimeout: 120_000, expect: { poll: { timeout: 60_000 } } },
});
