import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    globalSetup: ["@openmates-share/testing/postgres"],
    // Servers, browsers and databases start in them.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
