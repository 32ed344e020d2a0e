import { migrate } from "./migrate.ts";

/** `DATABASE_URL=… node dist/main.js`: migrates and says what it did. */
const databaseUrl = process.env.DATABASE_URL;
if (!databaseUrl) {
  process.stderr.write("DATABASE_URL is not set: it names the PostgreSQL database to migrate.\n");
  process.exit(2);
}
try {
  const applied = await migrate({ databaseUrl });
  process.stdout.write(applied.length > 0 ? `Applied ${applied.join(", ")}.\n` : "The database is up to date.\n");
  // The engine leaves a timer of ten seconds behind, which would keep the process waiting.
  process.exit(0);
} catch (error) {
  process.stderr.write(`The migration failed: ${error instanceof Error ? error.message : "unknown error"}\n`);
  process.exit(1);
}
