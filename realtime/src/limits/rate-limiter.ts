/** A token bucket's size and pace. */
export interface RateLimit {
  /** Names the bucket, so that limits do not share one. */
  readonly name: string;
  /** How much may be taken at once. */
  readonly capacity: number;
  readonly perSecond: number;
}

/** Bounds how often somebody does something. */
export interface RateLimiter {
  /**
   * Takes `cost` (1 unless told) from the bucket of `source`. Returns 0 when there was enough, otherwise nothing is taken
   * and the answer is how many seconds (at least 1) to wait.
   */
  take(request: { limit: RateLimit; source: string; cost?: number }): Promise<number>;
  stop(): Promise<void>;
}
