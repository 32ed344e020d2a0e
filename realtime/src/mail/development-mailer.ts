import { createHash } from "node:crypto";
import { isIP } from "node:net";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { isLoopback } from "../config.ts";
import { escaped } from "./mail-page.ts";
import type { Mailer, MailMessage } from "./mailer.ts";

/** Older ones are forgotten. */
const KEPT = 50;

const STYLE = `:root{color-scheme:light dark}
body{max-width:44rem;margin:0 auto;padding:1.5rem 1rem 4rem;background:light-dark(#faf9f6,#141317);color:light-dark(#1d1b22,#ecebf1);font:16px/1.5 system-ui,sans-serif}
h1{margin:0;font-size:1.75rem}
h2{margin:0;font-size:1.1rem;overflow-wrap:anywhere}
p{margin:.25rem 0 0;color:light-dark(#56535f,#b6b3c0)}
article{margin-block-start:1.25rem;padding:1rem 1.1rem;border:1px solid light-dark(#e4e1da,#34323b);border-radius:.75rem;background:light-dark(#fff,#1c1b20)}
pre{margin:.75rem 0 0;font:.9rem/1.5 ui-monospace,Menlo,Consolas,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
a{color:light-dark(#4b46c6,#b1adff)}`;

/** This page has a style of its own, and no script. */
const POLICY = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

interface KeptMail extends MailMessage {
  readonly at: Date;
}

/** Sends nothing: prints every mail and keeps it for `/dev/mail`. */
export class DevelopmentMailer implements Mailer {
  readonly offered = true;
  readonly #print: (text: string) => void;
  #kept: readonly KeptMail[] = [];

  constructor(options: { print: (text: string) => void }) {
    this.#print = options.print;
  }

  async send(message: MailMessage): Promise<"sent"> {
    this.#kept = [{ ...message, at: new Date() }, ...this.#kept].slice(0, KEPT);
    const { to, subject, text } = message;
    this.#print(`\nMail to ${to}: ${subject}\n\n${text.replace(/^/gm, "  ")}\n`);
    return "sent";
  }

  async stop(): Promise<void> {
    this.#kept = [];
  }

  /** `GET /dev/mail`, for this machine alone. */
  routes(app: FastifyInstance): void {
    app.get("/dev/mail", async (request, reply) => {
      reply.header("cache-control", "no-store");
      if (!isFromHere(request))
        return reply.code(404).type("text/plain; charset=utf-8").send("There is nothing here.\n");
      reply.header("content-security-policy", POLICY);
      return reply.type("text/html; charset=utf-8").send(pageOf(this.#kept));
    });
  }
}

/**
 * The connection comes from this machine, through no proxy, and under a name that means it: a page elsewhere whose name was
 * pointed here could otherwise read along.
 */
function isFromHere(request: FastifyRequest): boolean {
  const { remoteAddress = "" } = request.raw.socket;
  const near = isIP(remoteAddress) !== 0 && isLoopback(remoteAddress.replace(/^::ffff:/, ""));
  return near && request.headers["x-forwarded-for"] === undefined && isLoopback(request.hostname);
}

function pageOf(mails: readonly KeptMail[]): string {
  const list = mails.map(
    ({ to, subject, text, at }) => `<article><h2>${escaped(subject)}</h2>
<p>To ${escaped(to)}, <time datetime="${at.toISOString()}">${escaped(at.toLocaleTimeString("en"))}</time></p>
<pre>${linked(text)}</pre></article>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex"><title>Mail</title>
<style>${STYLE}</style></head>
<body><main><h1>Mail</h1>
<p>Mails that this server would have sent. It shows them here because it is set up for development; reload for new ones.</p>
${list.length > 0 ? list.join("\n") : "<p>There are none yet.</p>"}
</main></body></html>
`;
}

function linked(text: string): string {
  return (
    text
      // A full stop behind an address ends the sentence.
      .split(/(https?:\/\/\S*[^\s.,;:])/)
      .map((piece, index) => (index % 2 ? `<a href="${escaped(piece)}">${escaped(piece)}</a>` : escaped(piece)))
      .join("")
  );
}
