import { configOf } from "@openmates-share/realtime/dist/config.js";
import { readEnv } from "@openmates-share/realtime/dist/env.js";
import type { AppendBatch } from "@openmates-share/realtime/dist/messages/append-messages.js";
import { createServer } from "@openmates-share/realtime/dist/server.js";

/** Our server with nothing but the storing of messages taken out: they are numbered, told, and forgotten. */
const numbers = new Map<string, number>();
const head = new Uint8Array(32);

const append: AppendBatch = async (batch) =>
  batch.map(({ chat }, ordinal) => {
    const seq = (numbers.get(chat) ?? 0) + 1;
    numbers.set(chat, seq);
    return { ordinal, outcome: "stored", seq, head, storedAt: Date.now() };
  });

const server = await createServer(configOf(readEnv(process.env)), { append });
process.stdout.write(`ready ${server.url}\n`);
process.once("SIGTERM", () => void server.stop().then(() => process.exit(0)));
