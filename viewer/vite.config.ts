import { defineConfig } from "vitest/config";

/** Where `npm run dev` finds the server. */
const SERVER = process.env.VIEWER_SERVER ?? "http://localhost:4000";

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: "es2022",
    // The content security policy lets nothing in that is not a file of this origin: no data: fonts, no inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // The app, and the document without an origin that draws diagrams for it.
      input: ["index.html", "diagram.html"],
      // Our packages do nothing when they are imported: what a screen does not use is not loaded with it.
      treeshake: {
        moduleSideEffects: [{ test: /[/\\](?:protocol|client|importers)[/\\]dist[/\\]/, sideEffects: false }],
      },
    },
  },
  worker: { format: "es" },
  server: {
    proxy: {
      "/api": SERVER,
      "/share": SERVER,
      "/socket": { target: SERVER, ws: true },
    },
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
  },
});
