import { type Conversation, LIMITS, ShareClient } from "@openmates-share/client";
import { readConversationFile } from "../conversation-file.ts";
import { fileStore, homeDirectory } from "../file-store.ts";
import { harmlessJson, harmlessLine } from "../harmless.ts";
import { givenPassword } from "../password.ts";
import { pickConversation } from "../pick.ts";
import { serverFrom } from "../server.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

export interface ShareCommand {
  readonly title?: string;
  readonly pick?: number;
  readonly name?: string;
  readonly passwordStdin?: boolean;
  readonly collaborative?: boolean;
  readonly server?: string;
  readonly json?: boolean;
}

/** Encrypts a conversation here, puts it on the server and prints its link. */
export async function share(terminal: Terminal, path: string, options: ShareCommand): Promise<void> {
  const server = serverFrom({ server: options.server, env: terminal.env });
  if (path === "-" && options.passwordStdin) {
    throw new UsageError("The conversation and the password can't both come from standard input; please name a file.");
  }
  const title = givenTitle(options.title);
  const file = await readConversationFile(terminal, path);
  const picked = (await pickConversation(terminal, { file, pick: options.pick })).read();
  const password = await givenPassword(terminal, { fromStdin: options.passwordStdin ?? false });
  await upload(terminal, { conversation: { ...picked, title: title ?? picked.title }, password, server, options });
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
  const mode = options.collaborative ? "collaborative" : "read-only";
  const store = fileStore({ home: homeDirectory(terminal.env), server });
  const client = new ShareClient({ server, store });
  try {
    const shared = await client.share(conversation, {
      mode,
      password,
      ...(options.name ? { name: options.name } : {}),
      signal: terminal.signal,
      onProgress: (done, total) => void terminal.progress(`Encrypted and uploaded ${done} of ${total} messages`),
    });
    await terminal.endProgress();
    const count = conversation.messages.length;
    await terminal.say(
      `Shared “${harmlessLine(conversation.title)}”: ${count} ${count === 1 ? "message" : "messages"}, ${mode}.`,
    );
    await terminal.print(
      options.json
        ? `${harmlessJson({ ...shared, title: conversation.title, mode, messages: count })}\n`
        : `${shared.url}\n`,
    );
  } finally {
    await client.close();
  }
}
