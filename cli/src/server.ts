import { ProtocolError, parseShareUrl, type ShareLink } from "@openmates-share/client";
import { UsageError } from "./usage-error.ts";

const DEFAULT_SERVER = "http://127.0.0.1:4000";

/** The server to share on: `--server`, else `OMSHARE_SERVER`, else the one that `npm start` starts. */
export function serverFrom(options: {
  server: string | undefined;
  env: Readonly<Record<string, string | undefined>>;
}): string {
  const given = options.server ?? options.env.OMSHARE_SERVER;
  return given ? serverAddress(given) : DEFAULT_SERVER;
}

/** The link taken apart, and the server it leads to. @throws UsageError for damaged links, without quoting them */
export function linkAndServer(text: string, server: string | undefined): { link: ShareLink; server: string } {
  try {
    const link = parseShareUrl(text);
    return { link, server: server === undefined ? serverOfLink(text) : serverAddress(server) };
  } catch (error) {
    if (error instanceof ProtocolError) throw new UsageError(error.message);
    throw error;
  }
}

/** What stands before `/share/…` or, in the app's own form, before the fragment. */
function serverOfLink(text: string): string {
  const url = new URL(text.trim().replace(/^</, "").replaceAll("&amp;", "&"));
  const path = url.pathname.replace(/\/share\/(?:chat|embed)\/[^/]*\/?$/, "");
  return serverAddress(url.origin + path);
}

function serverAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new UsageError("The server's address has to begin with http:// or https://.");
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}
