import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    globalSetup: ["@openmates-share/testing/postgres"],
    // No module that is tested here keeps state: files share what they import, instead of loading it once each.
    isolate: false,
    // Servers, browsers and databases start in them, and a busy machine takes long.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
