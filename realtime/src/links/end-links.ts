import type { Prisma } from "@openmates-share/prisma";
import { type ChatId, idBytes, type LinkId } from "@openmates-share/protocol/wire";
import { aliveWhere } from "./alive-where.ts";

/**
 * Ends links, and the memberships that hang on them. Their keys, labels, addresses and tickets are erased; the rows stay,
 * so that their ids cannot be used again. With the last live link goes the public card. The chat's row has to be locked.
 */
export async function endLinks(
  transaction: Prisma.TransactionClient,
  { chat, links, now }: { chat: ChatId; links: readonly LinkId[]; now: Date },
): Promise<void> {
  const chatId = idBytes(chat);
  const ids = links.map((link) => idBytes(link));
  const gone = { chatId, linkId: { in: ids } };
  await transaction.link.updateMany({
    where: { chatId, id: { in: ids }, revokedAt: null },
    data: {
      revokedAt: now,
      label: null,
      audience: "public",
      addressLookup: null,
      addressSealed: null,
      accountId: null,
    },
  });
  await transaction.linkKey.deleteMany({ where: gone });
  await transaction.linkTicket.deleteMany({ where: gone });
  await transaction.member.updateMany({ where: { ...gone, removedAt: null }, data: { removedAt: now } });
  const live = await transaction.link.count({ where: { chatId, ...aliveWhere(now) } });
  if (live === 0) await transaction.chat.updateMany({ where: { id: chatId }, data: { preview: null } });
}
