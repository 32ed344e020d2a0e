import { ClientError, type Room } from "@openmates-share/client";
import type { Terminal } from "./terminal.ts";

/** The password to share with: from standard input if asked for, else none. */
export async function givenPassword(terminal: Terminal, { fromStdin }: { fromStdin: boolean }): Promise<string | null> {
  return fromStdin ? readPassword(terminal) : null;
}

/** Opens without a password, or with the one given; a person at a terminal is asked when one turns out to be needed. */
export async function openAsking(options: {
  terminal: Terminal;
  fromStdin: boolean;
  open: (password: string | null) => Promise<Room>;
}): Promise<Room> {
  const { terminal, fromStdin, open } = options;
  if (fromStdin) return open(await readPassword(terminal));
  try {
    return await open(null);
  } catch (error) {
    if (!(error instanceof ClientError) || error.code !== "locked") throw error;
    if (terminal.interactive) return open(await terminal.ask("Password: ", { hidden: true }));
    throw new ClientError("locked", `${error.message} Pass it on standard input, with --password-stdin.`, {
      cause: error,
    });
  }
}

function readPassword(terminal: Terminal): Promise<string> {
  return terminal.interactive ? terminal.ask("Password: ", { hidden: true }) : terminal.readLine("password");
}
