import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** The questions that unfurling asks a realtime server, and nothing else of it; for tests that need no chats. */
export interface PreviewServer {
  readonly url: string;
  readonly host: string;
  /** Every request as it came in. */
  readonly requests: readonly string[];
  stop(): Promise<void>;
}

/** A chat whose links show nothing. */
export const GONE = "DDDDDDDDDDDDDDDDDDDDDA";

/** @param titles by chat id; all other chats have the generic card */
export async function startPreviewServer(titles: Readonly<Record<string, string>> = {}): Promise<PreviewServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      requests.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)} ${Buffer.concat(chunks)}`);
      const [, embed] = /^\/api\/embeds\/([\w-]{22})$/u.exec(request.url ?? "") ?? [];
      response.setHeader("content-type", embed ? "application/msgpack" : "application/json");
      if (request.url?.endsWith("/link") && request.url.includes(GONE)) response.statusCode = 404;
      response.end(embed ? packedEmbed(embed) : JSON.stringify(answer(request.url ?? "")));
    });
  });
  const answer = (path: string) => {
    if (path === "/api/service")
      return {
        publicUrl: url,
        mate: { name: "OpenMates", publicKey: "", models: [], demo: true },
        signIn: { email: false, google: null },
      };
    if (path.includes("CCCCCCCCCCCCCCCCCCCCCA")) return {};
    if (path.endsWith("/link") && path.includes(GONE)) return { code: "not_found", message: "Not found." };
    if (path.endsWith("/link")) return { mode: "read-only", expiresAt: null, messages: 2 };
    if (path.startsWith("/api/embeds/"))
      return { title: "Shared", summary: "", type: null, image: `${url}/og/default.png`, generic: true };
    const title = titles[path.split("/").at(-1) ?? ""];
    const image = `${url}/og/default.png`;
    if (title === undefined) return { title: "Shared chat", summary: "", category: null, image, generic: true };
    return { title, summary: "A summary", category: "science", image, generic: false };
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    host: "127.0.0.1",
    requests,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** `StoredEmbed` of nothing, in MessagePack. */
function packedEmbed(embed: string): Buffer {
  const text = (value: string) => Buffer.concat([Buffer.of(0xa0 | value.length), Buffer.from(value)]);
  const fields: [string, Buffer][] = [
    ["embed", text(embed)],
    ["header", Buffer.of(0xc4, 1, 0)],
    ["size", Buffer.of(1)],
    ["owner", Buffer.of(0xc2)],
    ["wrappedKey", Buffer.of(0xc0)],
    ["until", Buffer.of(0xc0)],
  ];
  return Buffer.concat([Buffer.of(0x80 | fields.length), ...fields.flatMap(([name, value]) => [text(name), value])]);
}
