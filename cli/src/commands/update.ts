import { type ChatId, ShareClient } from "@openmates-share/client";
import { fileStore, homeDirectory } from "../file-store.ts";
import { linkText } from "../open-link.ts";
import { linkAndServer } from "../server.ts";
import type { Terminal } from "../terminal.ts";

export interface UpdateCommand {
  readonly server?: string;
}

/** "Update shared chat": lets readers see what was written since; for the owner alone. */
export async function update(terminal: Terminal, given: string, options: UpdateCommand): Promise<void> {
  const { link, server } = linkAndServer(await linkText(terminal, given), options.server);
  const client = new ShareClient({ server, store: fileStore({ home: homeDirectory(terminal.env), server }) });
  try {
    // An embed has no owner's record, so its id ends in "no key" like that of any other chat.
    const through = await client.updateShared(link.subject.id as ChatId);
    await terminal.say(`Readers now see the chat up to message ${through}.`);
  } finally {
    await client.close();
  }
}
