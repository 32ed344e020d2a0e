import { defineConfig } from "vitest/config";

/** Programs of their own, beside each other in `dist`: what is started from there finds the repository two folders up. */
const PROGRAMS = ["main", "bare-http", "read-export"];

export default defineConfig({
  build: {
    ssr: true,
    target: "node20",
    rolldownOptions: {
      input: Object.fromEntries(PROGRAMS.map((name) => [name, `src/${name}.ts`])),
      // All that is measured is used as it was built; what starts it is only written in TypeScript.
      external: (id) => !/^[./]/.test(id) && !id.startsWith("@openmates-share/testing/"),
      output: { entryFileNames: "[name].js", chunkFileNames: "[name].js" },
    },
  },
  test: { include: ["src/**/*.test.ts", "tests/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 60_000 },
});
