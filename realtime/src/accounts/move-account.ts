import type { Prisma } from "@openmates-share/prisma";

/**
 * Gives everything that a guest has to the account that the guest has just signed in to, and ends the guest. Both rows are
 * locked by the caller. Where both have something to do with one chat, the stronger claim stays: owner before member, a
 * membership that is alive before one that has ended, and else the account's own, whose sender others know already.
 */
export async function moveAccount(
  transaction: Prisma.TransactionClient,
  { from, to }: { from: Uint8Array<ArrayBuffer>; to: Uint8Array<ArrayBuffer> },
): Promise<void> {
  await transaction.$executeRaw`update chats set owner_account = ${to} where owner_account = ${from}`;
  await transaction.$executeRaw`update embeds set owner_account = ${to} where owner_account = ${from}`;
  // An owner writes as the owner.
  await transaction.$executeRaw`
    delete from members using chats
    where chats.id = members.chat_id and chats.owner_account = ${to} and members.account_id in (${from}, ${to})`;
  await transaction.$executeRaw`
    delete from members ended using members other, links
    where ended.account_id = ${to} and other.account_id = ${from} and other.chat_id = ended.chat_id
      and links.chat_id = ended.chat_id and links.id = ended.link_id
      and (ended.removed_at is not null or links.revoked_at is not null or links.expires_at <= now())
      and other.removed_at is null`;
  await transaction.$executeRaw`
    delete from members twice using members kept
    where twice.account_id = ${from} and kept.account_id = ${to} and kept.chat_id = twice.chat_id`;
  await transaction.$executeRaw`update members set account_id = ${to} where account_id = ${from}`;
  await transaction.$executeRaw`update former_senders set account_id = ${to} where account_id = ${from}`;
  await transaction.$executeRaw`update links set account_id = ${to} where account_id = ${from}`;
  await transaction.$executeRaw`update asks set asker_account = ${to} where asker_account = ${from}`;
  // Nobody gets a new allowance by signing in.
  await transaction.$executeRaw`
    insert into ask_usage as kept (day, scope, subject, asks, tokens)
    select day, scope, ${to}::bytea, asks, tokens from ask_usage where scope = 'person' and subject = ${from}
    on conflict (day, scope, subject) do update set asks = kept.asks + excluded.asks, tokens = kept.tokens + excluded.tokens`;
  await transaction.$executeRaw`delete from ask_usage where scope = 'person' and subject = ${from}`;
  await transaction.$executeRaw`delete from accounts where id = ${from}`;
}
