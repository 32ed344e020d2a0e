/**
 * Lets somebody come in by a link that ends a moment later; whom a slow machine brings to the door too late comes again,
 * with more time. Returns when it ends, and what came of coming in.
 */
export async function endingSoon<T>(
  comeIn: (expiresAt: Date) => Promise<T>,
  withinMs = 1_500,
): Promise<{ expiresAt: Date; came: T }> {
  const expiresAt = new Date(Date.now() + withinMs);
  try {
    return { expiresAt, came: await comeIn(expiresAt) };
  } catch (error) {
    if (Date.now() < expiresAt.getTime()) throw error;
    return endingSoon(comeIn, 4 * withinMs);
  }
}
