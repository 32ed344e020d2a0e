import { hostname } from "node:os";
import { type Account, ShareClient } from "@openmates-share/client";
import { openBrowser } from "../browser.ts";
import { fileStore, homeDirectory } from "../file-store.ts";
import { harmlessJson, harmlessLine } from "../harmless.ts";
import { Loopback } from "../loopback.ts";
import { serverFrom } from "../server.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

export interface AccountCommand {
  readonly server?: string;
  readonly json?: boolean;
}

export interface LoginCommand extends AccountCommand {
  readonly sync?: boolean;
  readonly google?: boolean;
  /** False to print the address only. */
  readonly browser?: boolean;
}

/** Signs this device in with a code sent by mail, or with Google; its chats go along. */
export async function login(terminal: Terminal, email: string | undefined, options: LoginCommand): Promise<void> {
  if (options.google && email !== undefined)
    throw new UsageError("With --google there is no address to give: Google names it.");
  await withAccount(terminal, options, async (account) => {
    if (options.google) await byGoogle(terminal, account, options);
    else await byCode(terminal, account, email);
    await terminal.say("You are signed in.");
    if (options.sync !== false && terminal.interactive) await joinSync(terminal, account);
  });
}

async function byCode(terminal: Terminal, account: Account, email: string | undefined): Promise<void> {
  requirePerson(terminal, "login");
  const address = email ?? (await terminal.ask("E-mail address: "));
  const { request, delayed } = await account.askCode(address);
  await terminal.say(
    delayed ? "The mail is delayed; we go on trying." : "We sent you a code. It is good for 15 minutes.",
  );
  const code = (await terminal.ask("Code: ")).replace(/[\s-]/g, "");
  await account.signInByCode({ email: address, request, code, device: thisDevice() });
}

/** The browser comes back to this process, which alone knows the verifier that belongs to the code (PKCE). */
async function byGoogle(terminal: Terminal, account: Account, { browser = true }: LoginCommand): Promise<void> {
  const loopback = await Loopback.listen();
  try {
    const { url, attempt } = await account.beginGoogle({ loopback: loopback.url });
    const answer = loopback.answer({ state: attempt.state, signal: terminal.signal });
    await terminal.say(`Please sign in with Google in your browser, at this address:\n\n${url}\n`);
    if (browser) openBrowser(url);
    await account.finishGoogle({ ...(await answer), attempt, device: thisDevice() });
  } finally {
    loopback.stop();
  }
}

function thisDevice(): string {
  return `omshare on ${hostname()}`;
}

/** A person who syncs has one thing to do on a new device, and here is the place for it. */
async function joinSync(terminal: Terminal, account: Account): Promise<void> {
  const { state } = await account.sync.state();
  if (state !== "locked") return;
  await account.sync.join(await terminal.ask("Passphrase of your synced keys: ", { hidden: true }));
  await terminal.say("Your synced chats are on this device.");
}

/** Ends the session; the keys stay on the device unless they are to go, too. */
export async function logout(
  terminal: Terminal,
  options: AccountCommand & { everywhere?: boolean; forget?: boolean },
): Promise<void> {
  await withAccount(terminal, options, async (account) => {
    const { everywhere = false, forget = false } = options;
    await account.signOut({ everywhere, forget });
    await terminal.say(forget ? "You are signed out, and the keys are gone from here." : "You are signed out.");
  });
}

/** Says who is signed in, on stdout. */
export async function whoami(terminal: Terminal, options: AccountCommand): Promise<void> {
  await withAccount(terminal, options, async (account) => {
    const info = await account.info();
    const identities = info?.identities.map(({ kind, address }) => ({ kind, address: harmlessLine(address) })) ?? [];
    if (identities.length === 0) await terminal.say("Nobody is signed in on this device.");
    await terminal.print(
      options.json
        ? `${harmlessJson({ signedIn: identities.length > 0, identities })}\n`
        : identities.map(({ kind, address }) => `${address}\t${kind}\n`).join(""),
    );
  });
}

/** Prints where this person is signed in, or ends one of those sessions. */
export async function sessions(terminal: Terminal, options: AccountCommand & { end?: string }): Promise<void> {
  await withAccount(terminal, options, async (account) => {
    const list = await account.sessions();
    if (options.end !== undefined) {
      const found = list.find(({ id }) => id === options.end);
      if (!found) throw new UsageError("There is no such session; see omshare sessions.");
      await account.endSession(found.id);
      await terminal.say("That device is signed out.");
      return;
    }
    const lines = list.map(({ id, device, createdAt, lastSeen, current }) => {
      const since = new Date(createdAt).toISOString().slice(0, 10);
      return `${[id, since, lastSeen, current ? "this device" : "", harmlessLine(device ?? "")].join("\t")}\n`;
    });
    await terminal.print(options.json ? `${harmlessJson(list)}\n` : lines.join(""));
  });
}

async function withAccount(
  terminal: Terminal,
  options: AccountCommand,
  work: (account: Account) => Promise<void>,
): Promise<void> {
  const server = serverFrom({ server: options.server, env: terminal.env });
  const client = new ShareClient({ server, store: fileStore({ home: homeDirectory(terminal.env), server }) });
  try {
    await work(await client.account());
  } finally {
    await client.close();
  }
}

/** @throws UsageError */
function requirePerson({ interactive }: Terminal, command: string): void {
  if (interactive) return;
  throw new UsageError(`omshare ${command} asks for a code that comes by mail: it needs somebody at a terminal.`);
}
