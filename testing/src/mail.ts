import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

/** A mail as a mail server gets it. */
export interface ReceivedMail {
  /** From the envelope, which is what counts. */
  readonly recipients: readonly string[];
  /** By name in small letters; one that occurs twice has both. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  /** The plain part, decoded. */
  readonly text: string;
  /** The HTML part, decoded. */
  readonly html: string;
  readonly raw: string;
}

/** A mail server that keeps what it gets. */
export interface TestMail {
  /** What makes a server send by it. */
  readonly env: Readonly<Record<"SMTP_URL" | "MAIL_FROM", string>>;
  readonly received: readonly ReceivedMail[];
  /** The newest mail to that address, once it is there. @throws Error when none comes */
  to(address: string): Promise<ReceivedMail>;
  /** The next recipients are refused with this number: from 500 on for good. */
  refuseNext(times: number, status: number): void;
  /** May be called twice. */
  stop(): Promise<void>;
}

/** How long a mail may take to come, on a busy machine. Milliseconds. */
const PATIENCE = 60_000;

export async function startMail(): Promise<TestMail> {
  const received: ReceivedMail[] = [];
  const arrived = new Set<() => void>();
  let refusals: number[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    logger: false,
    onRcptTo(_address, _session, done) {
      const status = refusals.shift();
      done(status === undefined ? null : Object.assign(new Error("Not this one."), { responseCode: status }));
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const recipients = session.envelope.rcptTo.map(({ address }) => address);
        received.push(parseMail(Buffer.concat(chunks).toString(), recipients));
        for (const tell of [...arrived]) tell();
        done();
      });
    },
  });
  const listening = server.listen(0, "127.0.0.1");
  await once(listening, "listening");
  const { port } = listening.address() as AddressInfo; // It listens on a port, not on a pipe.
  let closed: Promise<void> | null = null;
  const complaint = (address: string) =>
    `No mail to ${address} has come; there are mails to: ${received.flatMap(({ recipients }) => recipients).join(", ")}`;
  return {
    env: { SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: "OpenMates Share <share@mail.example>" },
    received,
    async to(address) {
      const signal = AbortSignal.timeout(PATIENCE);
      for (;;) {
        const found = received.findLast(({ recipients }) => recipients.includes(address));
        if (found) return found;
        await new Promise<void>((resolve, reject) => {
          const tell = () => {
            arrived.delete(tell);
            resolve();
          };
          arrived.add(tell);
          signal.addEventListener("abort", () => reject(new Error(complaint(address))), { once: true });
        });
      }
    },
    refuseNext(times, status) {
      refusals = Array.from({ length: times }, () => status);
    },
    stop() {
      closed ??= new Promise((resolve) => server.close(() => resolve()));
      return closed;
    },
  };
}

/** The six digits in a mail. */
export function codeIn({ text }: Pick<ReceivedMail, "text">): string {
  const code = /^\s*(\d{6})\s*$/m.exec(text)?.[1];
  if (code === undefined) throw new Error("There is no code in this mail.");
  return code;
}

function parseMail(raw: string, recipients: readonly string[]): ReceivedMail {
  const { headers } = splitPart(raw);
  return { recipients, headers, raw, text: partOf(raw, "text/plain"), html: partOf(raw, "text/html") };
}

function splitPart(raw: string): { headers: Map<string, string[]>; body: string } {
  const end = raw.indexOf("\r\n\r\n");
  const headers = new Map<string, string[]>();
  // A line that begins with white space goes on with the one before (RFC 5322 section 2.2.3).
  for (const line of raw
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, " ")
    .split("\r\n")) {
    const [, name = "", value = ""] = /^([^:]+):\s*(.*)$/.exec(line) ?? [];
    headers.set(name.toLowerCase(), [...(headers.get(name.toLowerCase()) ?? []), value]);
  }
  return { headers, body: raw.slice(end + 4) };
}

/** The first part of that type, decoded; empty when there is none. */
function partOf(raw: string, type: string): string {
  const { headers, body } = splitPart(raw);
  const own = headers.get("content-type")?.[0] ?? "";
  if (own.startsWith(type)) return decode(body, headers.get("content-transfer-encoding")?.[0] ?? "7bit");
  const boundary = /boundary="?([^";]+)"?/.exec(own)?.[1];
  if (boundary === undefined) return "";
  const parts = body.split(`--${boundary}`).slice(1, -1);
  return parts.map((part) => partOf(part.replace(/^\r\n/, ""), type)).find((text) => text !== "") ?? "";
}

function decode(body: string, encoding: string): string {
  if (encoding === "base64") return Buffer.from(body, "base64").toString();
  if (encoding !== "quoted-printable") return body;
  const bytes = body
    .replace(/=\r\n/g, "")
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString();
}
