import { randomBytes } from "node:crypto";
import { link, mkdir, open, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { BotError } from "../errors.ts";
import { BOT_KEY_LENGTH } from "./bot-key.ts";

/**
 * The bot's key in `bot.key` of the data directory, base64url, readable by its owner alone; made on the first start.
 *
 * @throws BotError `bad_key` when the file is damaged or others may read it.
 */
export async function loadOrCreateKey(directory: string): Promise<Uint8Array> {
  const path = join(directory, "bot.key");
  await mkdir(directory, { recursive: true });
  await createOnce(path);
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0) {
    throw new BotError(
      "bad_key",
      `Others may read ${path}. Run "chmod 600 ${path}", or replace the key if others did.`,
    );
  }
  return parseKey(await readFile(path, "utf8"), path);
}

/** 32 bytes as base64, base64url or hex. @throws BotError `bad_key`, naming `source` and never the text. */
export function parseKey(text: string, source: string): Uint8Array {
  const trimmed = text.trim();
  const key = Buffer.from(trimmed, /^[0-9a-f]{64}$/iu.test(trimmed) ? "hex" : "base64");
  if (key.length === BOT_KEY_LENGTH && /^[\w+/=-]+$/u.test(trimmed)) return key;
  throw new BotError(
    "bad_key",
    `${source} must hold 32 random bytes as base64 or hex: "openssl rand -base64 32" makes them.`,
  );
}

/** Whole or not at all: written beside, then linked, which fails when another process was first. */
async function createOnce(path: string): Promise<void> {
  if (await exists(path)) return;
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  const file = await open(draft, "wx", 0o600);
  try {
    await file.writeFile(`${randomBytes(BOT_KEY_LENGTH).toString("base64url")}\n`);
    await file.sync();
    await link(draft, path);
  } catch (error) {
    if (!isCode(error, "EEXIST")) throw error;
  } finally {
    await file.close();
    await rm(draft, { force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isCode(error, "ENOENT")) return false;
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
