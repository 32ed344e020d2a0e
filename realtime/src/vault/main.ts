import { createDatabase } from "@openmates-share/prisma";
import { configOf } from "../config.ts";
import { readEnv } from "../env.ts";
import { runVaultCommand, VAULT_COMMANDS } from "./vault-command.ts";

const command = VAULT_COMMANDS.find((known) => known === process.argv[2]);

try {
  if (!command) throw new Error(`Say which one of: ${VAULT_COMMANDS.join(", ")}`);
  const { databaseUrl, dataDir, vaultKeys } = configOf(readEnv(process.env));
  const database = createDatabase({ databaseUrl, poolSize: 1 });
  try {
    await runVaultCommand(command, {
      database,
      given: vaultKeys,
      dataDir,
      tell: (line) => process.stdout.write(`${line}\n`),
    });
  } finally {
    await database.$disconnect();
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
