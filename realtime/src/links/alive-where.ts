/** For queries: links that are neither revoked nor expired. `isAlive` says the same about one that is loaded. */
export function aliveWhere(now = new Date()) {
  return { revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] };
}
