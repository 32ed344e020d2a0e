import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "tests/**/*.test.ts"],
    // One PostgreSQL, for the server that the command line talks to.
    globalSetup: ["@openmates-share/testing/postgres"],
    // No module that is tested here keeps state: files share what they import, instead of loading it once each.
    isolate: false,
    // Real servers and real processes start in them, and a busy machine takes long.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
