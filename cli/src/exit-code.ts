import { ClientError, type ClientErrorCode, ProtocolError } from "@openmates-share/client";
import { ImportError } from "@openmates-share/importers";
import { CommanderError } from "commander";
import { UsageError } from "./usage-error.ts";

/** What the process ends with; scripts compare these, and `--help` lists them. */
export const EXIT = {
  worked: 0,
  failed: 1,
  /** The command line, or a file or link given on it, cannot be used as it is. */
  usage: 2,
  /** Missing, private, revoked, expired, or not for this person. */
  notFound: 3,
  /** No password where one is needed, or the wrong one. */
  locked: 4,
  /** No server, or one that is busy: the same command may work later. */
  unreachable: 5,
  /** What came is not what was shared: altered, cut off, replayed. */
  altered: 6,
  /** Ctrl-C, as shells count it. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_CODES_HELP = `
Exit codes:
  0    it worked
  1    it did not, for another reason than these
  2    the command line, the file or the link can't be used as it is
  3    the chat can't be found, or you don't have access to it
  4    a password is needed, or it is wrong
  5    the server can't be reached or is busy; try again later
  6    what came is not what was shared
  130  interrupted`;

export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.worked : EXIT.usage;
  if (error instanceof UsageError || error instanceof ImportError) return EXIT.usage;
  if (error instanceof ClientError) return exitCodeOfClient(error.code);
  if (error instanceof ProtocolError) return exitCodeOfClient(error.code);
  return EXIT.failed;
}

function exitCodeOfClient(code: ClientErrorCode): ExitCode {
  switch (code) {
    case "not_found":
    case "view_required":
    case "no_key":
    case "not_allowed":
    case "forbidden":
    case "chat_closed":
    case "unauthorized":
      return EXIT.notFound;
    case "locked":
    case "unable_to_decrypt":
      return EXIT.locked;
    case "unreachable":
    case "unavailable":
    case "rate_limited":
    case "mate_busy":
    case "quota_used":
    case "internal":
      return EXIT.unreachable;
    case "aborted":
      return EXIT.interrupted;
    case "bad_request":
    case "conflict":
    case "stale_epoch":
    case "keyless_links":
    case "already_answered":
    case "wrong_code":
    case "mail_failed":
    case "not_offered":
      return EXIT.failed;
    case "too_large":
      return EXIT.usage;
    case "malformed":
    case "unsupported_version":
    case "unsupported_kind":
    case "wrong_key":
    case "bad_padding":
    case "bad_signature":
    case "wrong_sender":
    case "wrong_epoch":
    case "head_mismatch":
    case "seal_mismatch":
    case "rollback":
      return EXIT.altered;
  }
}
