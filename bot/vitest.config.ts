import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "demo/**/*.test.ts", "tests/**/*.test.ts"],
    // One PostgreSQL for all files; each makes databases of its own in it.
    globalSetup: ["@openmates-share/testing/postgres"],
    // Servers and bots start and stop in them.
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
