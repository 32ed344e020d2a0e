/** Nothing is proved by being quick: a busy machine takes long. Milliseconds, below what a test may take. */
export const PATIENCE = 90_000;

/** Resolves with what is waited for. @throws Error that says what is there instead, when it does not come */
export async function inTime<T>(
  waiting: Promise<T>,
  { complaint, patience = PATIENCE }: { complaint: () => string; patience?: number },
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${complaint()} (after ${patience / 1000} s)`)), patience);
  });
  try {
    return await Promise.race([waiting, late]);
  } finally {
    clearTimeout(timer);
  }
}
