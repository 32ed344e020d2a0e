import { defineConfig } from "vite";

/** The page that opens messages in a browser, one by one, in batches and in a worker. */
export default defineConfig({
  root: "src/page",
  base: "./",
  build: { outDir: "../../dist/page", emptyOutDir: true, target: "es2022", modulePreload: { polyfill: false } },
  worker: { format: "es" },
});
