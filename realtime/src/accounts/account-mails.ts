import { type MailPage, renderMail } from "../mail/mail-page.ts";
import type { MailMessage } from "../mail/mailer.ts";
import type { Address } from "./address.ts";
import { CODE_LASTS, type CodePurpose } from "./codes.ts";

const MINUTES = CODE_LASTS / 60_000;
/** News about an account may come late. Milliseconds. */
const DAY = 24 * 60 * 60 * 1000;

/** The mail that brings a code. The same for an address that is known and for one that is not. */
export function codeMail(options: { to: Address; code: string; purpose: CodePurpose; server: string }): MailMessage {
  const { to, code, purpose, server } = options;
  const host = new URL(server).host;
  const what = purpose === "sign-in" ? "sign in" : "add this address to your account";
  const page: MailPage = {
    title: purpose === "sign-in" ? "Your code to sign in" : "Your code to confirm this address",
    code,
    paragraphs: [
      `Type it where you asked for it, to ${what} at OpenMates Share (${host}). It is good for ${MINUTES} minutes and works once.`,
      "Nobody from OpenMates Share will ever ask you for this code.",
    ],
    footer: `Somebody typed this address at ${server}. If it wasn't you, nothing happens: you can delete this mail.`,
  };
  return { to, subject: `${code} is your OpenMates Share code`, ...renderMail(page), goodFor: CODE_LASTS };
}

/** Tells the addresses that an account had so far that there is another one. */
export function addressChangedMail(options: { to: Address; replaced: boolean; server: string }): MailMessage {
  const { to, replaced, server } = options;
  const page: MailPage = {
    title: replaced ? "The address of your account was changed" : "Another address was added to your account",
    paragraphs: [
      replaced
        ? "From now on you sign in with the new address. What was shared with you stays shared with you."
        : "From now on you can sign in with the new address, too.",
      "If that wasn't you, somebody has had access to your account: sign in, end all other sessions, and remove the address.",
    ],
    button: { label: "Open your account", url: `${server}/#account` },
    footer: `You get this mail because this address belongs to an account at ${server}.`,
  };
  return { to, subject: page.title, ...renderMail(page), goodFor: DAY };
}
