import {
  type Conversation,
  LIMITS,
  type LinkMode,
  ShareClient,
  type SharedChat,
  type SharingHooks,
} from "@openmates-share/client";
import { maskConversation, SECRET_KINDS, secretsOf } from "@openmates-share/importers";
import { openConversationFile } from "../conversation-file.ts";

import { fileStore, homeDirectory } from "../file-store.ts";
import { harmlessJson, harmlessLine } from "../harmless.ts";
import { type LinkFlags, linkOptionsFrom } from "../link-flags.ts";
import { givenPassword } from "../password.ts";
import { pickBranch, pickConversation } from "../pick.ts";
import { serverFrom } from "../server.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

export interface ShareCommand extends LinkFlags {
  readonly title?: string;
  readonly pick?: number;
  readonly name?: string;
  readonly passwordStdin?: boolean;
  readonly server?: string;
  readonly json?: boolean;
  /** Another version of the conversation, from 1. */
  readonly branch?: number;
  /** Masks what looks like a secret or personal data. */
  readonly mask?: boolean;
  /** Goes on with what was interrupted, instead of reading a file. */
  readonly resume?: boolean;
  /** E-mail addresses: each gets a link of its own. */
  readonly to?: readonly string[];
  /** Whether the server mails them. */
  readonly mail?: boolean;
}

/** What an interrupted sharing is found by. */
const TAG = "omshare";

/** Encrypts a conversation here, puts it on the server and prints its link. */
export async function share(terminal: Terminal, path: string | undefined, options: ShareCommand): Promise<void> {
  const server = serverFrom({ server: options.server, env: terminal.env });
  if (options.resume) {
    if (path !== undefined) throw new UsageError("With --resume there is no file to name: it was read before.");
    return resume(terminal, { server, options });
  }
  if (path === undefined) throw new UsageError("Please name the file with the conversation, or - for standard input.");
  if (path === "-" && options.passwordStdin) {
    throw new UsageError("The conversation and the password can't both come from standard input; please name a file.");
  }
  const title = givenTitle(options.title);
  linkOptionsFrom(options);
  if (options.mail && !options.to?.length) throw new UsageError("There is nobody to mail to: please add --to.");
  const file = await openConversationFile(terminal, path);
  try {
    if (file.flaw !== null) await terminal.say(file.flaw);
    const picked = await pickConversation(terminal, { file, pick: options.pick });
    const read = await picked.read(pickBranch(picked, options.branch));
    const titled = { ...read, title: title ?? read.title };
    const conversation = options.mask ? await masked(terminal, titled) : titled;
    const password = await givenPassword(terminal, { fromStdin: options.passwordStdin ?? false });
    await upload(terminal, { conversation, password, server, options });
  } finally {
    file.stop();
  }
}

async function masked(terminal: Terminal, conversation: Conversation): Promise<Conversation> {
  const secrets = secretsOf(conversation);
  const kinds = new Map<string, number>();
  for (const { kind } of secrets) kinds.set(SECRET_KINDS[kind], (kinds.get(SECRET_KINDS[kind]) ?? 0) + 1);
  const list = [...kinds].map(([kind, count]) => `${kind} (${count})`).join(", ");
  await terminal.say(secrets.length === 0 ? "Nothing to mask was found." : `Masked: ${list}.`);
  return maskConversation(conversation, new Set(secrets.map(({ value }) => value)));
}

function givenTitle(title: string | undefined): string | null {
  if (title === undefined) return null;
  const line = harmlessLine(title);
  if (line === "") throw new UsageError("The title is empty.");
  if (line.length > LIMITS.title) throw new UsageError(`The title is longer than ${LIMITS.title} characters.`);
  return line;
}

async function upload(
  terminal: Terminal,
  setup: { conversation: Conversation; password: string | null; server: string; options: ShareCommand },
): Promise<void> {
  const { conversation, password, server, options } = setup;
  const link = linkOptionsFrom(options);
  const { mode } = link;
  const [first, ...others] = options.to ?? [];
  const store = fileStore({ home: homeDirectory(terminal.env), server });
  const client = new ShareClient({ server, store });
  try {
    const shared = await client.share(conversation, {
      ...link,
      password,
      address: first ?? null,
      ...(options.name ? { name: options.name } : {}),
      resumable: { tag: TAG },
      ...hooks(terminal),
    });
    const links: MadeLink[] = [{ ...shared, to: first ?? null }];
    for (const to of others) {
      links.push({ ...(await client.createLink(shared.chat, { ...link, password, address: to })), to });
    }
    const { title, messages } = conversation;
    await told(terminal, { links, title, count: messages.length, mode, json: options.json ?? false });
    if (options.mail) await mailLinks(terminal, client, links);
  } catch (error) {
    const left = await client.unfinishedShares();
    if (left.length > 0) await terminal.say("What was uploaded is kept. Go on later with: omshare share --resume");
    throw error;
  } finally {
    await client.close();
  }
}

/** Goes on with everything that was interrupted, oldest first. */
async function resume(
  terminal: Terminal,
  { server, options }: { server: string; options: ShareCommand },
): Promise<void> {
  const client = new ShareClient({ server, store: fileStore({ home: homeDirectory(terminal.env), server }) });
  try {
    const left = (await client.unfinishedShares()).filter(({ tag }) => tag === TAG);
    if (left.length === 0) throw new UsageError("There is nothing to go on with: no sharing was interrupted.");
    for (const { chat, title, total } of left) {
      const shared = await client.resumeShare(chat, hooks(terminal));
      const mode = (await client.links(chat)).find(({ link }) => link === shared.link)?.mode ?? "read-only";
      await told(terminal, {
        links: [{ ...shared, to: null }],
        title,
        count: total,
        mode,
        json: options.json ?? false,
      });
    }
  } finally {
    await client.close();
  }
}

function hooks(terminal: Terminal): SharingHooks {
  return {
    signal: terminal.signal,
    onProgress: (done, total) => void terminal.progress(`Encrypted and uploaded ${done} of ${total} messages`),
    onFile: (done, total) => void terminal.progress(`Encrypted and uploaded ${done} of ${total} files`),
    onWaiting: (waiting) => void terminal.progress(waiting ? "Waiting for the server to come back" : "Going on"),
    onFileFailed: async ({ name }, error) => {
      const why = error instanceof Error ? error.message : "It could not be uploaded.";
      await terminal.say(`${harmlessLine(name) || "A file"} is left out: ${why}`);
      return "without";
    },
  };
}

interface MadeLink extends SharedChat {
  /** Whom it is for; null for everybody. */
  readonly to: string | null;
}

async function told(
  terminal: Terminal,
  what: { links: readonly MadeLink[]; title: string; count: number; mode: LinkMode; json: boolean },
): Promise<void> {
  const { links, title, count, mode, json } = what;
  await terminal.endProgress();
  await terminal.say(`Shared “${harmlessLine(title)}”: ${count} ${count === 1 ? "message" : "messages"}, ${mode}.`);
  await sayWhoReaches(terminal, links);
  const lines = links.map(({ url, to }) => `${links.length > 1 ? `${harmlessLine(to ?? "")}\t` : ""}${url}\n`);
  await terminal.print(
    json ? `${harmlessJson({ ...links[0], title, mode, messages: count, links })}\n` : lines.join(""),
  );
}

/** Who tries this on a server of their own would send the link in vain. */
async function sayWhoReaches(terminal: Terminal, links: readonly MadeLink[]): Promise<void> {
  const [first] = links;
  if (!first || !LOOPBACK.test(new URL(first.url).hostname)) return;
  await terminal.say("It opens on this machine only: the server has no address yet that others reach (PUBLIC_URL).");
}

/** The names and addresses by which a machine means itself. */
const LOOPBACK = /^(?:localhost|\[::1\]|127(?:\.\d{1,3}){3})$/;

/** The links are printed already: one that can't be mailed can still be sent by hand. */
async function mailLinks(terminal: Terminal, client: ShareClient, links: readonly MadeLink[]): Promise<void> {
  for (const { chat, link, to } of links) {
    await client.invite(chat, link);
    await terminal.say(`Mailed to ${harmlessLine(to ?? "")}.`);
  }
}
