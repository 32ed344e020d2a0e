import { useEffect, useMemo, useState } from "preact/hooks";

/**
 * Whole seconds until a time, counted down by a clock that nobody sets; 0 when it has come, or for none.
 * @param now what that time is of: Unix milliseconds unless told
 */
export function useSecondsUntil(time: number | null, now: () => number = Date.now): number {
  const [looked, setLooked] = useState(0);
  const end = useMemo(() => (time === null ? null : performance.now() + time - now()), [time]);
  const left = end === null ? 0 : Math.max(end - performance.now(), 0);
  useEffect(() => {
    if (end === null || left === 0) return;
    // When the number changes next.
    const timer = setTimeout(() => setLooked(looked + 1), left % 1000 || 1000);
    return () => clearTimeout(timer);
  }, [end, looked]);
  return Math.ceil(left / 1000);
}
