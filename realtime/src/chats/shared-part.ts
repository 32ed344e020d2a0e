import type { PrismaClient } from "@openmates-share/prisma";
import { type Bytes, type ChatId, idBytes, ownBytes } from "@openmates-share/protocol/wire";
import { chatNotFound } from "../http/failure.ts";

/** How far a chat is shared. @throws WireFailure `not_found` for one that was deleted since the gate was asked */
export async function sharedPart(
  database: PrismaClient,
  chat: ChatId,
): Promise<{ sharedThrough: number; seal: Bytes | null }> {
  const row = await database.chat.findUnique({
    where: { id: idBytes(chat) },
    select: { sharedThrough: true, seal: true },
  });
  if (!row) throw chatNotFound();
  return { sharedThrough: row.sharedThrough, seal: row.seal && ownBytes(row.seal) };
}
