import { createTransport, type Transporter } from "nodemailer";
import type { Log } from "../cluster/redis-line.ts";
import { isLoopback } from "../config.ts";
import { MailError, type Mailer, type MailMessage } from "./mailer.ts";

/** Connections kept open to the mail server. */
const CONNECTIONS = 3;
/** Whoever asked waits for the first attempt: a mail server that says nothing for so long is taken for away. Milliseconds. */
const PATIENCE = 8_000;
/** Mails that wait at once; more means that the mail server is gone, and that nobody should be promised any. */
const WAITING = 1_000;
/** Pauses before the next attempts; the last one repeats. Milliseconds. */
const PAUSES = [2_000, 10_000, 30_000, 120_000, 600_000] as const;

/** Hands mail to an SMTP server, and keeps at it. */
export class SmtpMailer implements Mailer {
  readonly offered = true;
  readonly #transport: Transporter;
  readonly #from: string;
  readonly #log: Log;
  readonly #pauses: readonly number[];
  readonly #waiting = new Set<NodeJS.Timeout>();
  #stopped = false;

  constructor(options: { url: string; from: string; log: Log; pauses?: readonly number[] }) {
    this.#transport = createTransport({ ...settingsOf(options.url), pool: true, maxConnections: CONNECTIONS });
    this.#from = options.from;
    this.#log = options.log;
    this.#pauses = options.pauses ?? PAUSES;
  }

  async send(message: MailMessage): Promise<"sent" | "delayed"> {
    if (this.#waiting.size >= WAITING) throw new MailError("busy", "Too many mails are waiting to be sent.");
    return this.#attempt(message, { until: Date.now() + message.goodFor, count: 0 });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#waiting) clearTimeout(timer);
    this.#waiting.clear();
    this.#transport.close();
  }

  /** @throws MailError `refused` */
  async #attempt(message: MailMessage, trial: { until: number; count: number }): Promise<"sent" | "delayed"> {
    try {
      await this.#transport.sendMail({
        from: this.#from,
        // As an object it is taken as it is; as text it would be parsed as a list.
        to: { name: "", address: message.to },
        subject: oneLine(message.subject),
        text: message.text,
        html: message.html,
        headers: { "Auto-Submitted": "auto-generated" },
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      return "sent";
    } catch (error) {
      if (isFinal(error)) {
        this.#log.warn({ kind: kindOf(error) }, "a mail was refused");
        throw new MailError("refused", "The mail server does not take this mail.");
      }
      this.#log.warn({ kind: kindOf(error) }, "a mail could not be handed over");
      this.#later(message, trial);
      return "delayed";
    }
  }

  #later(message: MailMessage, { until, count }: { until: number; count: number }): void {
    const pause = this.#pauses[Math.min(count, this.#pauses.length - 1)] ?? 0;
    if (this.#stopped || Date.now() + pause > until) return;
    const timer = setTimeout(() => {
      this.#waiting.delete(timer);
      // It has said in the log what there is to say.
      this.#attempt(message, { until, count: count + 1 }).catch(() => undefined);
    }, pause);
    timer.unref();
    this.#waiting.add(timer);
  }
}

/**
 * Credentials never cross a network in clear: with a user name, and to another machine, the line has to be encrypted.
 */
function settingsOf(address: string) {
  const url = new URL(address);
  const secure = url.protocol === "smtps:";
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const user = decodeURIComponent(url.username);
  return {
    host,
    port: url.port === "" ? (secure ? 465 : 587) : Number(url.port),
    secure,
    requireTLS: !secure && user !== "" && !isLoopback(host),
    // A mail server on the same machine has a certificate for another name, if any, and nobody sits in between.
    ...(isLoopback(host) ? { ignoreTLS: !secure } : {}),
    ...(user === "" ? {} : { auth: { user, pass: decodeURIComponent(url.password) } }),
    connectionTimeout: PATIENCE,
    greetingTimeout: PATIENCE,
    socketTimeout: PATIENCE,
    logger: false,
    disableFileAccess: true,
    disableUrlAccess: true,
  } as const;
}

/** A refusal by a number from 500 on (RFC 5321 section 4.2.1), or an address that the library itself does not take. */
function isFinal(error: unknown): boolean {
  const status = error instanceof Error && "responseCode" in error ? Number(error.responseCode) : null;
  const code = error instanceof Error && "code" in error ? error.code : null;
  // A password that is wrong is the operator's to mend: whoever waits may still get the mail.
  if (code === "EAUTH") return false;
  return status === null ? code === "EENVELOPE" : status >= 500;
}

/** What the log says: the message of a mail server quotes addresses. */
function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  const code = "code" in error && typeof error.code === "string" ? error.code : error.name;
  return "responseCode" in error && typeof error.responseCode === "number" ? `${code} ${error.responseCode}` : code;
}

/** What is no character of a line cannot begin another header, even if a library forgot about it. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").slice(0, 200);
}
