import { startMail, type TestMail } from "@openmates-share/testing/mail";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseAddress } from "../src/accounts/address.ts";
import { configOf } from "../src/config.ts";
import { EnvError, readEnv } from "../src/env.ts";
import { renderMail } from "../src/mail/mail-page.ts";
import type { MailMessage } from "../src/mail/mailer.ts";
import { SmtpMailer } from "../src/mail/smtp-mailer.ts";
import { createServer } from "../src/server.ts";
import { KeptLog } from "./kept-log.ts";
import { newAddress } from "./signing-in.ts";
import { startTestServer } from "./test-server.ts";

let mail: TestMail;
beforeAll(async () => {
  mail = await startMail();
});
afterAll(() => mail.stop());

function message(email: string, changes: Partial<MailMessage> = {}): MailMessage {
  const to = parseAddress(email);
  if (!to) throw new Error("Tests have good addresses.");
  return { to, subject: "A subject", text: "Text", html: "<p>Text</p>", goodFor: 60_000, ...changes };
}

function openMailer(options: { pauses?: readonly number[]; url?: string } = {}) {
  const log = new KeptLog();
  const mailer = new SmtpMailer({
    url: options.url ?? mail.env.SMTP_URL,
    from: mail.env.MAIL_FROM,
    log,
    pauses: options.pauses ?? [5],
  });
  return { mailer, log };
}

describe("mail", () => {
  test("is tried again until the mail server takes it", async () => {
    const { mailer } = openMailer();
    const email = newAddress();
    mail.refuseNext(3, 451);
    expect(await mailer.send(message(email))).toBe("delayed");
    expect((await mail.to(email)).text.trim()).toBe("Text");
    await mailer.stop();
  });

  test("is not tried again when it was refused for good, and the log does not say whose it was", async () => {
    const { mailer, log } = openMailer();
    const email = newAddress();
    mail.refuseNext(1, 550);
    await expect(mailer.send(message(email))).rejects.toMatchObject({ code: "refused" });
    expect(JSON.stringify(log)).not.toContain(email);
    await mailer.stop();
  });

  test("waits for a mail server that is away, and is given up when the server stops", async () => {
    const { mailer } = openMailer({ url: "smtp://127.0.0.1:9" });
    expect(await mailer.send(message(newAddress()))).toBe("delayed");
    await mailer.stop();
    await mailer.stop();
  });

  test("has one subject and one recipient whatever is put in", async () => {
    const { mailer } = openMailer();
    const email = newAddress();
    const subject = "Hello\r\nBcc: eve@example.org\r\n\r\nBody\u2028X-Other: 1";
    await mailer.send(message(email, { subject }));
    const received = await mail.to(email);
    expect(received.recipients).toEqual([email]);
    expect(received.headers.get("bcc")).toBeUndefined();
    expect(received.headers.get("x-other")).toBeUndefined();
    expect(received.headers.get("subject")?.[0]).toContain("Hello Bcc: eve@example.org Body");
    await mailer.stop();
  });

  test("says the same in both parts, with what is hostile escaped", () => {
    const page = { title: "<b>T</b>", paragraphs: ['"P" & <script>'], footer: "F" };
    const { text, html } = renderMail({ ...page, button: { label: "Open", url: "https://x.example/?a=1&b=2#k" } });
    expect(html).not.toMatch(/<b>|<script>/);
    expect(html).toContain('href="https://x.example/?a=1&amp;b=2#k"');
    expect(text).toContain("https://x.example/?a=1&b=2#k");
    for (const part of [page.title, page.paragraphs[0] ?? "", page.footer]) expect(text).toContain(part);
  });
});

const read = (env: Record<string, string>) => configOf(readEnv({ DATABASE_URL: "postgres://localhost/none", ...env }));

describe("where mail goes", () => {
  test("is a mail server that is named, with the address that it comes from", () => {
    const env = { SMTP_URL: "smtps://user:p%40ss@mail.example", MAIL_FROM: "Share <share@mail.example>" };
    expect(read(env).mail).toEqual({ type: "smtp", url: env.SMTP_URL, from: env.MAIL_FROM });
    expect(() => read({ SMTP_URL: env.SMTP_URL })).toThrow(EnvError);
    expect(() => read({ ...env, MAIL_FROM: "Share <share@mail.example>\r\nBcc: <eve@example.org>" })).toThrow(EnvError);
    expect(() => read({ ...env, SMTP_URL: "https://mail.example" })).toThrow(EnvError);
  });

  test.each([
    [{}, "development"],
    [{ HOST: "localhost", PUBLIC_URL: "http://localhost:4000" }, "development"],
    [{ NODE_ENV: "production" }, "none"],
    [{ HOST: "0.0.0.0" }, "none"],
    [{ PUBLIC_URL: "https://share.example" }, "none"],
    [{ TRUSTED_PROXIES: "1" }, "none"],
  ])("with %j is %s", (env, type) => {
    expect(read(env as Record<string, string>).mail.type).toBe(type);
  });
});

describe("in development", () => {
  test("mails are printed and shown, to this machine by its own name alone", async () => {
    const printed: string[] = [];
    const world = await startTestServer();
    const config = { ...world.config, mail: { type: "development" } as const };
    const server = await createServer(config, { print: (text) => printed.push(text) });
    try {
      const email = "ada+<b>@example.org".replace("<b>", "b");
      const asked = await fetch(`${server.url}/api/sign-in/codes`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ email }),
      });
      expect(asked.status).toBe(202);
      const code = /\d{6}/.exec(printed.join(""))?.[0] ?? "none";
      const page = await fetch(`${server.url}/dev/mail`);
      expect(page.headers.get("cache-control")).toBe("no-store");
      expect(await page.text()).toContain(code);
      const proxied = await fetch(`${server.url}/dev/mail`, { headers: { "x-forwarded-for": "10.0.0.1" } });
      expect(proxied.status).toBe(404);
    } finally {
      await server.stop();
      await world.stop();
    }
  });

  test("the page is not there otherwise", async () => {
    const server = await startTestServer();
    expect((await server.call("GET /dev/mail")).status).toBe(404);
    await server.stop();
  });
});
