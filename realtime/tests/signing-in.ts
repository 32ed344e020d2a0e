import type { AccountInfo, CodeSent, SessionSummary, SignedIn } from "@openmates-share/protocol/wire";
import { codeIn, type TestMail } from "@openmates-share/testing/mail";
import type { MailConfig } from "../src/config.ts";
import type { Answer, TestServer } from "./test-server.ts";

export function mailConfig({ env }: TestMail): MailConfig {
  return { type: "smtp", url: env.SMTP_URL, from: env.MAIL_FROM };
}

let made = 0;
/** An address that no other test has. */
export function newAddress(): string {
  made += 1;
  return `person-${process.pid}-${made}@example.org`;
}

/** Signing in as people do, through the server's front door. */
export class SigningIn {
  readonly server: Pick<TestServer, "call">;
  readonly mail: TestMail;

  constructor(options: { server: Pick<TestServer, "call">; mail: TestMail }) {
    this.server = options.server;
    this.mail = options.mail;
  }

  async ask(email: string): Promise<{ request: string; code: string }> {
    const answer = await this.server.call("POST /api/sign-in/codes", { json: { email } });
    if (answer.status !== 202) throw new Error(`No code: ${answer.status} ${answer.bytes.toString()}`);
    const { request } = answer.body as CodeSent;
    return { request, code: codeIn(await this.mail.to(email)) };
  }

  try(proof: { email: string; request: string; code: string }, options: { session?: string } = {}): Promise<Answer> {
    return this.server.call("POST /api/sign-in/email", { json: { device: "A test", ...proof }, ...options });
  }

  /** The bearer of the session that it ends with. */
  async as(email: string, options: { session?: string } = {}): Promise<string> {
    const answer = await this.try({ email, ...(await this.ask(email)) }, options);
    if (answer.status !== 200) throw new Error(`Not signed in: ${answer.status} ${answer.bytes.toString()}`);
    return (answer.body as SignedIn).session;
  }

  async account(session: string): Promise<AccountInfo> {
    return (await this.server.call("GET /api/account", { session })).body as AccountInfo;
  }

  async sessions(session: string): Promise<readonly SessionSummary[]> {
    return ((await this.server.call("GET /api/account/sessions", { session })).body as { sessions: SessionSummary[] })
      .sessions;
  }

  async isValid(session: string): Promise<boolean> {
    return (await this.server.call("GET /api/account", { session })).status === 200;
  }
}
