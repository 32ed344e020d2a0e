import type { PrismaClient } from "@openmates-share/prisma";
import {
  type ChatId,
  idBytes,
  idFromBytes,
  type LinkAudience,
  type LinkId,
  type LinkMode,
  type LinkSummary,
  toBase64url,
} from "@openmates-share/protocol/wire";
import type { Addresses } from "../accounts/addresses.ts";

/** What the owner sees of the links that were not revoked, newest first. @throws VaultError for an address of another vault */
export async function listLinks(
  database: Pick<PrismaClient, "link">,
  { chat, addresses }: { chat: ChatId; addresses: Addresses },
): Promise<readonly LinkSummary[]> {
  const rows = await database.link.findMany({
    where: { chatId: idBytes(chat), revokedAt: null },
    orderBy: { createdAt: "desc" },
  });
  return Promise.all(
    rows.map(async (row) => ({
      link: idFromBytes<LinkId>(row.id),
      mode: row.mode as LinkMode, // The table's check lets nothing else in.
      audience: await audienceOf(row, { chat, addresses }),
      label: row.label && toBase64url(row.label),
      createdAt: row.createdAt.getTime(),
      expiresAt: row.expiresAt?.getTime() ?? null,
      viewLimit: row.viewLimit,
      views: row.views,
      lastOpenedOn: row.lastOpenedOn?.toISOString().slice(0, 10) ?? null,
    })),
  );
}

async function audienceOf(
  row: { id: Uint8Array; addressSealed: Uint8Array | null; accountId: Uint8Array | null },
  { chat, addresses }: { chat: ChatId; addresses: Addresses },
): Promise<LinkAudience> {
  if (!row.addressSealed) return { type: "public" };
  const address = await addresses.unseal({ sealed: row.addressSealed, context: addressContext(idBytes(chat), row.id) });
  return { type: "named", address, accepted: row.accountId !== null };
}

/** What a sealed address belongs to: moved to another link it does not open. */
export function addressContext(chat: Uint8Array, link: Uint8Array): string {
  return `link ${toBase64url(chat)} ${toBase64url(link)}`;
}
