import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "tests/**/*.test.ts"],
    // One PostgreSQL for all files; each makes databases of its own in it.
    globalSetup: ["@openmates-share/testing/postgres"],
    // No module that is tested here keeps state: files share what they import, instead of loading it once each.
    isolate: false,
    // Real servers start and stop in them, and a busy machine takes long.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
