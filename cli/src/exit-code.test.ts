import { ClientError, ProtocolError } from "@openmates-share/client";
import { ImportError } from "@openmates-share/importers";
import { CommanderError } from "commander";
import { describe, expect, it } from "vitest";
import { EXIT_CODES_HELP, exitCodeOf } from "./exit-code.ts";
import { UsageError } from "./usage-error.ts";

describe("the exit code", () => {
  it.each([
    [new UsageError("x"), 2],
    [new ImportError("wrong_file", "x"), 2],
    [new CommanderError(1, "commander.unknownOption", "x"), 2],
    [new CommanderError(0, "commander.help", "x"), 0],
    [new ClientError("not_found", "x"), 3],
    [new ClientError("no_key", "x"), 3],
    [new ClientError("not_allowed", "x"), 3],
    [new ClientError("locked", "x"), 4],
    [new ClientError("unable_to_decrypt", "x"), 4],
    [new ClientError("unreachable", "x"), 5],
    [new ClientError("rate_limited", "x"), 5],
    [new ClientError("head_mismatch", "x"), 6],
    [new ProtocolError("bad_signature", "x"), 6],
    [new ProtocolError("too_large", "x"), 2],
    [new ClientError("aborted", "x"), 130],
    [new ClientError("conflict", "x"), 1],
    [new Error("x"), 1],
    ["thrown", 1],
  ])("of %s is %i, and the help lists it", (error, code) => {
    expect(exitCodeOf(error)).toBe(code);
    expect(EXIT_CODES_HELP).toContain(`\n  ${code} `);
  });
});
