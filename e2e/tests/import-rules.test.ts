import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const RULES = ["style/noRestrictedImports", "style/noRestrictedGlobals"];

interface Case {
  readonly file: string;
  readonly text: string;
}

const cases: Case[] = [];
const said = new Map<Case, string>();

/** What our linter settings say about a file with this text at this place: "" when they have nothing against it. */
function lint(file: string, text: string): () => string {
  const asked = { file, text };
  cases.push(asked);
  return () => said.get(asked) ?? "not asked";
}

/** As few runs of the linter as there are texts for one place: it takes longer to start than to look. */
beforeAll(() => {
  for (let left = [...cases]; left.length > 0; ) {
    const round = new Map(left.map((asked) => [asked.file, asked]));
    const words = lintAll([...round.values()]);
    for (const [file, asked] of round) said.set(asked, words.get(file) ?? "");
    left = left.filter((asked) => round.get(asked.file) !== asked);
  }
});

/** What is said, by file. */
function lintAll(round: readonly Case[]): ReadonlyMap<string, string> {
  const tree = mkdtempSync(join(tmpdir(), "openmates-share-lint-"));
  try {
    // A tree of its own, for the linter says nothing about files that it only gets on stdin.
    for (const name of ["biome.json", ".gitignore"]) copyFileSync(join(ROOT, name), join(tree, name));
    for (const { file, text } of round) {
      mkdirSync(join(tree, dirname(file)), { recursive: true });
      writeFileSync(join(tree, file), text);
    }
    const flags = ["--colors=off", "--max-diagnostics=none", ...RULES.map((rule) => `--only=${rule}`)];
    const files = round.map(({ file }) => file);
    const run = spawnSync(join(ROOT, "node_modules/.bin/biome"), ["lint", ...flags, ...files], {
      cwd: tree,
      encoding: "utf8",
    });
    const output = run.stdout + run.stderr;
    expect(output).toMatch(new RegExp(`^Checked ${files.length} files? `, "m"));
    // Each complaint begins with its place.
    const complaints = output.split(/^(?=\S+:\d+:\d+ lint\/)/m);
    return new Map(
      files.map((file) => [file, complaints.filter((complaint) => complaint.startsWith(`${file}:`)).join("")]),
    );
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

const importing = (name: string) => `import { x } from "${name}";\nexport const y = x;\n`;

const CANNOT_READ = "The server must not be able to read";
const ONLY_WIRE_AND_REPLY = "The server takes protocol/wire and protocol/reply only";
const NO_APP = "No app imports an app";
const THROUGH_CLIENT = "Apps reach the protocol only through client";
const NO_DATABASE = "The database belongs to the server and the bot";
const BROWSERS = "This package also runs in browsers";
const BY_NAME = "Import another package by its name";
const PROCESS = "Only main.ts knows the process and only env.ts the environment";
const PURE = "The protocol imports nothing of ours";
const ONLY_CONTENT = "only protocol/content, no keys, links or wire";
const STANDS_ALONE = "The client stands on the protocol alone";
const ONLY_TABLES = "The database package knows tables and nothing of what they are for";
const BLIND_WIRE = "nothing that opens content may come with it";
const START_IT = "Tests start an app as a process";
const ONLY_TESTS = "only tests import it";
const DATABASE_ALONE = "of our code it takes the database alone";

describe("an import that crosses a boundary is refused with its reason", () => {
  test.each(
    (
      [
        ["realtime/src/server.ts", "@openmates-share/protocol/crypto", CANNOT_READ],
        ["realtime/src/server.ts", "@openmates-share/protocol/link", CANNOT_READ],
        ["realtime/src/deep/er/server.ts", "@openmates-share/protocol/crypto", CANNOT_READ],
        ["realtime/src/main.ts", "@openmates-share/protocol/link", CANNOT_READ],
        ["realtime/src/server.ts", "@openmates-share/client", CANNOT_READ],
        ["realtime/src/server.ts", "@openmates-share/importers", CANNOT_READ],
        ["realtime/src/server.ts", "@openmates-share/protocol/content", ONLY_WIRE_AND_REPLY],
        ["realtime/src/server.ts", "../../protocol/src/crypto/index.ts", BY_NAME],
        ["realtime/src/server.ts", "../../protocol/dist/crypto/index.js", BY_NAME],
        ["realtime/src/server.ts", "@openmates-share/bot", NO_APP],
        ["bot/src/listeners/share.ts", "@openmates-share/realtime", NO_APP],
        ["bot/src/share.ts", "@openmates-share/protocol/wire", THROUGH_CLIENT],
        ["viewer/src/app.tsx", "@openmates-share/protocol/link", THROUGH_CLIENT],
        ["viewer/src/app.tsx", "@openmates-share/prisma", NO_DATABASE],
        ["viewer/src/app.tsx", "omshare", NO_APP],
        ["viewer/src/app.tsx", "node:crypto", BROWSERS],
        ["cli/src/share.ts", "@openmates-share/protocol/content", THROUGH_CLIENT],
        ["cli/src/share.ts", "@openmates-share/prisma", NO_DATABASE],
        ["cli/src/share.ts", "@openmates-share/bot", NO_APP],
        ["cli/src/share.ts", "node:process", PROCESS],
        ["client/src/room.ts", "@openmates-share/prisma", STANDS_ALONE],
        ["client/src/room.ts", "@openmates-share/importers", STANDS_ALONE],
        ["client/src/room.ts", "node:fs", BROWSERS],
        ["importers/src/paste.ts", "@openmates-share/protocol/link", ONLY_CONTENT],
        ["importers/src/paste.ts", "@openmates-share/client", ONLY_CONTENT],
        ["prisma/src/database.ts", "@openmates-share/protocol/wire", ONLY_TABLES],
        ["protocol/src/link/link-key.ts", "@openmates-share/client", PURE],
        ["protocol/src/bytes.ts", "node:buffer", BROWSERS],
        ["protocol/src/wire/http.ts", "../crypto/message.ts", BLIND_WIRE],
        ["protocol/src/wire/http.ts", "../signed.ts", BLIND_WIRE],
        ["e2e/tests/share.test.ts", "@openmates-share/realtime", START_IT],
        ["bot/tests/share.test.ts", "@openmates-share/realtime", START_IT],
        ["bot/tests/share.test.ts", "@openmates-share/e2e", START_IT],
        ["realtime/src/server.ts", "@openmates-share/testing/redis", ONLY_TESTS],
        ["bot/src/share.ts", "@openmates-share/testing/program", ONLY_TESTS],
        ["viewer/src/app.tsx", "@openmates-share/testing/browser", ONLY_TESTS],
        ["cli/src/share.ts", "@openmates-share/testing/model", ONLY_TESTS],
        ["client/src/room.ts", "@openmates-share/testing/redis", STANDS_ALONE],
        ["prisma/src/database.ts", "@openmates-share/testing/database", ONLY_TABLES],
        ["testing/src/server-process.ts", "@openmates-share/realtime", DATABASE_ALONE],
        ["testing/src/model.ts", "@openmates-share/protocol/reply", DATABASE_ALONE],
        ["testing/src/database.ts", "../../prisma/dist/index.js", BY_NAME],
      ] as const
    ).map(([file, name, reason]) => ({ file, name, reason, answer: lint(file, importing(name)) })),
  )("$file importing $name", ({ reason, answer }) => expect(answer()).toContain(reason));

  test.each(
    (
      [
        ["a type", 'import type { X } from "@openmates-share/protocol/crypto";\nexport type Y = X;\n'],
        ["a re-export", 'export { x } from "@openmates-share/protocol/crypto";\n'],
        ["a dynamic import", 'export const x = await import("@openmates-share/protocol/crypto");\n'],
      ] as const
    ).map(([kind, text]) => ({ kind, answer: lint("realtime/src/server.ts", text) })),
  )("$kind is an import too", ({ answer }) => expect(answer()).toContain(CANNOT_READ));
});

describe("an import that stays within the boundaries passes", () => {
  test.each(
    (
      [
        ["realtime/src/server.ts", "@openmates-share/protocol/wire"],
        ["realtime/src/server.ts", "@openmates-share/protocol/reply"],
        ["realtime/src/server.ts", "@openmates-share/prisma"],
        ["realtime/src/server.ts", "node:crypto"],
        ["realtime/tests/room.test.ts", "@openmates-share/client"],
        ["realtime/src/access/access.test.ts", "@openmates-share/client"],
        ["bot/src/share.ts", "@openmates-share/client"],
        ["bot/src/share.ts", "@openmates-share/prisma"],
        ["viewer/src/app.tsx", "@openmates-share/client"],
        ["viewer/src/app.tsx", "@openmates-share/importers"],
        ["cli/src/share.ts", "@openmates-share/importers"],
        ["client/src/room.ts", "@openmates-share/protocol/crypto"],
        ["importers/src/paste.ts", "@openmates-share/protocol/content"],
        ["protocol/src/crypto/seal.ts", "../wire/limits.ts"],
        ["realtime/tests/room.test.ts", "@openmates-share/testing/database"],
        ["realtime/src/cluster/bus.test.ts", "@openmates-share/testing/redis"],
        ["e2e/tests/share.test.ts", "@openmates-share/testing/browser"],
        ["testing/src/database.ts", "@openmates-share/prisma"],
      ] as const
    ).map(([file, name]) => ({ file, name, answer: lint(file, importing(name)) })),
  )("$file importing $name", ({ answer }) => expect(answer()).toBe(""));
});

describe("the process and its environment", () => {
  const reading = "export const port = process.env.PORT;\n";

  const asked = (file: string) => ({ file, answer: lint(file, reading) });

  test.each(["realtime/src/server.ts", "bot/src/share.ts", "cli/src/share.ts", "viewer/src/app.tsx"].map(asked))(
    "are not for $file",
    ({ answer }) => expect(answer()).toContain(PROCESS),
  );

  test.each(["realtime/src/main.ts", "realtime/src/env.ts", "cli/src/main.ts"].map(asked))(
    "are known to $file",
    ({ answer }) => expect(answer()).toBe(""),
  );
});
