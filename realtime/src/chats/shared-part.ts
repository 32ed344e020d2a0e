import type { PrismaClient } from "@openmates-share/prisma";
import {
  type ChatId,
  idBytes,
  idFromBytes,
  type Joined,
  ownBytes,
  type SenderId,
} from "@openmates-share/protocol/wire";
import { chatNotFound } from "../http/failure.ts";

/** What everybody in a chat hears when it changes: how far it is shared, and whether it is closed to writing. @throws WireFailure `not_found` for one that was deleted since the gate was asked */
export async function sharedPart(
  database: PrismaClient,
  chat: ChatId,
): Promise<Pick<Joined, "sharedThrough" | "seal" | "closed" | "successions" | "offeredTo">> {
  const row = await database.chat.findUnique({
    where: { id: idBytes(chat) },
    select: { sharedThrough: true, seal: true, closed: true, successions: true, offeredTo: true },
  });
  if (!row) throw chatNotFound();
  const { seal, successions, offeredTo, ...rest } = row;
  return {
    ...rest,
    seal: seal && ownBytes(seal),
    successions: ownBytes(successions ?? new Uint8Array(0)),
    offeredTo: offeredTo && idFromBytes<SenderId>(offeredTo),
  };
}
