import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts"],
    globalSetup: ["src/postgres.ts"],
    // Servers, browsers and databases start in them.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
