import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

/** The page that carries a chat as one file: everything it needs stands in it, and it may fetch nothing. */
export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: "es2022",
    emptyOutDir: false,
    copyPublicDir: false,
    modulePreload: false,
    cssCodeSplit: false,
    rolldownOptions: {
      input: "kept.html",
      output: { codeSplitting: false },
      treeshake: {
        moduleSideEffects: [{ test: /[/\\](?:protocol|client)[/\\]dist[/\\]/, sideEffects: false }],
      },
    },
  },
  plugins: [inOneFile(), leaveOut(), oneFile()],
});

/** Colours and formulas as they can be made without workers and fonts. */
function inOneFile(): Plugin {
  const own: Record<string, string> = { "./highlight.ts": "highlight.ts", "./typeset.ts": "typeset.ts" };
  return {
    name: "in-one-file",
    enforce: "pre",
    resolveId: (source, importer) => {
      const name = importer?.includes("/src/markdown/") ? own[source] : undefined;
      return name ? fileURLToPath(new URL(`src/kept/${name}`, import.meta.url)) : null;
    },
  };
}

/** What would need a worker or a frame of its own: diagrams stay as they were written. */
function leaveOut(): Plugin {
  const left: Record<string, string> = {
    "./diagram.tsx": "export const Diagram = () => null;",
    "./long-text.ts": "export const MAX_AT_ONCE = Infinity; export const lexLong = async () => null;",
  };
  return {
    name: "leave-out",
    enforce: "pre",
    resolveId: (source) => (Object.hasOwn(left, source) ? `\0left-out:${source}` : null),
    load: (id) => (id.startsWith("\0left-out:") ? left[id.slice("\0left-out:".length)] : null),
  };
}

/** Puts script and styles into the page, and a policy in front of them that knows these alone. */
function oneFile(): Plugin {
  return {
    name: "one-file",
    enforce: "post",
    generateBundle(_, bundle) {
      const files = Object.values(bundle);
      const page = files.find(({ fileName }) => fileName.endsWith(".html"));
      if (page?.type !== "asset") throw new Error("no page");
      const scripts = files.filter((file) => file.type === "chunk");
      const styles = files.filter((file) => file.type === "asset" && file.fileName.endsWith(".css"));
      const [script] = scripts;
      if (!script || scripts.length > 1) throw new Error(`one script, and not ${scripts.length}`);
      const code = script.code
        .replaceAll("</script", "<\\/script")
        .replaceAll("<!--", "<\\!--")
        // Vite's place for what a part needs loaded first; here every part is in the one script.
        .replaceAll("__VITE_PRELOAD__", "void 0");
      const style = styles.map((file) => (file.type === "asset" ? String(file.source) : "")).join("\n");
      const policy = [
        "default-src 'none'",
        `script-src '${hashOf(code)}'`,
        `style-src '${hashOf(style)}'`,
        "img-src blob:",
        "base-uri 'none'",
        "form-action 'none'",
      ].join("; ");
      const head = `<meta http-equiv="Content-Security-Policy" content="${policy}" />\n<style>${style}</style>`;
      page.source = String(page.source)
        .replace(/\s*<script\b[^>]*><\/script>/g, "")
        .replace(/\s*<link rel="stylesheet"[^>]*>/g, "")
        .replace(/<meta charset="utf-8" \/>/, (charset) => `${charset}\n${head}`)
        .replace(/<div id="app"><\/div>/, (place) => place)
        .replace("</body>", () => `<script type="module">${code}</script>\n</body>`);
      for (const file of files) if (file !== page) delete bundle[file.fileName];
    },
  };
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
