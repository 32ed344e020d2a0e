import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "tests/**/*.test.ts"],
    globalSetup: ["tests/postgres.ts"],
    // All migrations run in each of them, and a busy machine takes long.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
