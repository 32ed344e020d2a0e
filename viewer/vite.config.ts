import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Where `npm run dev` finds the server. */
const SERVER = process.env.VIEWER_SERVER ?? "http://localhost:4000";

/** Every browser that runs this reads WOFF2: the copies that fonts come with for older ones are not served. */
const woff2Alone: Plugin = {
  name: "woff2-alone",
  enforce: "pre",
  transform: {
    filter: { id: /\.css$/ },
    handler: (css) => css.replace(/,\s*url\([^()]*\.(?:woff|ttf)\)\s*format\([^()]*\)/g, ""),
  },
};

export default defineConfig({
  plugins: [lexerAlone(), woff2Alone],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: "es2022",
    // The content security policy lets nothing in that is not a file of this origin: no data: fonts, no inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // The app, the document without an origin that draws diagrams for it, and the one that reaches somebody's own model.
      input: ["index.html", "diagram.html", "model.html"],
      output: {
        // One file for what every screen needs, and one for reading markdown: fifty small ones weigh a fifth more, and each
        // is a request of its own.
        codeSplitting: {
          groups: [
            // Shared with the document for diagrams, which must not start the app.
            { name: "preload", test: /preload-helper/, priority: 3 },
            { name: "app", test: /[/\\]viewer[/\\]src[/\\]main\.tsx$/, priority: 2 },
            { name: "markdown", test: /[/\\]viewer[/\\]src[/\\]markdown[/\\]markdown\.tsx$/, priority: 1 },
          ],
        },
      },
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
    // Nothing is proved by being quick: a busy machine takes long.
    testTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
  },
});

/** What we import of marked. */
const OF_MARKED = ["Lexer", "Tokenizer"];

/**
 * Of marked we take the lexer, and draw what it finds ourselves. Its parser and renderers would come along, a quarter of it:
 * the package is one module that makes an instance of everything at its end. So that end is left away.
 */
function lexerAlone(): Plugin {
  return {
    name: "lexer-alone",
    transform(code, id) {
      if (!/(?<!mermaid[/\\]node_modules)[/\\]marked[/\\]lib[/\\]marked\.esm\.js$/.test(id)) return null;
      const end = /var [\w$]+=new [\w$]+;function [\w$]+\((?:(?!;var).)*;var [^;]*;export\{([^}]*)\};/s.exec(code);
      const names = end?.[1]?.split(",").filter((name) => OF_MARKED.includes(name.split(" as ")[1] ?? "")) ?? [];
      if (!end || names.length < OF_MARKED.length)
        throw new Error("marked is built otherwise than lexerAlone() knows.");
      return `${code.slice(0, end.index)}export{${names.join(",")}};`;
    },
  };
}
