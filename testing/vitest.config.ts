import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts"],
    globalSetup: ["src/postgres.ts"],
    // Servers, browsers and databases start in them, and a busy machine takes long.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
