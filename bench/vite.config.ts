import { defineConfig } from "vitest/config";

/** Programs of their own, beside each other in `dist`: what is started from there finds the repository two folders up. */
const PROGRAMS = {
  main: "main",
  "bare-http": "bare-http",
  "read-export": "read-export",
  "bare-ws": "rivals/bare-ws",
  "plain-socketio": "rivals/plain-socketio",
  "unkept-server": "rivals/unkept-server",
  "collect-on-signal": "rivals/collect-on-signal",
};

export default defineConfig({
  build: {
    ssr: true,
    target: "node20",
    rolldownOptions: {
      input: Object.fromEntries(Object.entries(PROGRAMS).map(([name, file]) => [name, `src/${file}.ts`])),
      // All that is measured is used as it was built; what starts it is only written in TypeScript.
      external: (id) => !/^[./]/.test(id) && !id.startsWith("@openmates-share/testing/"),
      output: { entryFileNames: "[name].js", chunkFileNames: "[name].js" },
    },
  },
  test: { include: ["src/**/*.test.ts", "tests/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 60_000 },
});
