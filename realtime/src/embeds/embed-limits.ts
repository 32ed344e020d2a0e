/** How much of files one may keep here; more is refused when an upload is announced. Sizes are bytes as stored. */
export const EMBED_QUOTAS = {
  /** Of one account, in all its chats: an export of years with its pictures. */
  accountBytes: 4 * 2 ** 30,
  /** Of one chat's owner, and of its members together: more than anybody reads, and what a database backs up without being noticed. */
  chatBytes: 2 ** 30,
  /** Files of the same, so that many small ones do not go round the above. */
  chatFiles: 5_000,
} as const;

export type EmbedQuotas = { readonly [name in keyof typeof EMBED_QUOTAS]: number };
