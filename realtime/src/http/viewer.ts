import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";
import { ASSET_HEADERS, DIAGRAM_HEADERS, MODEL_HEADERS } from "./security-headers.ts";

/** Cards' images, and the script and style of the pages that shared links lead to. */
const PUBLIC = fileURLToPath(new URL("../../public", import.meta.url));

/** Vite names these by their content, so they never change. */
const HASHED = /[/\\]assets[/\\]/;

/** Serves the built viewer at `/` and nowhere else, and our own static files. */
export async function serveViewer(app: FastifyInstance, { viewerDir }: { viewerDir: string }): Promise<void> {
  const built = existsSync(join(viewerDir, "index.html"));
  await app.register(fastifyStatic, {
    root: built ? [PUBLIC, viewerDir] : [PUBLIC],
    cacheControl: false,
    index: ["index.html"],
    setHeaders: (reply, path) => {
      reply.header("cache-control", cacheControlOf(path));
      for (const [name, value] of Object.entries(headersOf(path))) reply.header(name, value);
    },
  });
  if (!built) {
    app.get("/", async (_request, reply) =>
      reply.code(503).type("text/plain; charset=utf-8").send("The viewer is not built yet. The API is at /api.\n"),
    );
  }
}

function headersOf(path: string): Readonly<Record<string, string>> {
  if (HASHED.test(path)) return ASSET_HEADERS;
  if (basename(path) === "model.html") return MODEL_HEADERS;
  return basename(path) === "diagram.html" ? DIAGRAM_HEADERS : {};
}

function cacheControlOf(path: string): string {
  if (HASHED.test(path)) return "public, max-age=31536000, immutable";
  if (path.endsWith(".png")) return "public, max-age=86400";
  return "no-cache";
}
