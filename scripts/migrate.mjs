// Brings the database that DATABASE_URL names to the newest schema, as `npm start` does, where the parts are started one by
// one: in the container.
import { migrate } from "@openmates-share/prisma";

const databaseUrl = process.env.DATABASE_URL;
if (databaseUrl === undefined || databaseUrl === "") {
  process.stderr.write("DATABASE_URL is not set: which database is to be prepared?\n");
  process.exit(1);
}
try {
  const applied = await migrate({ databaseUrl });
  for (const name of applied) process.stderr.write(`migration applied: ${name}\n`);
} catch (error) {
  process.stderr.write(`The database cannot be used: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
