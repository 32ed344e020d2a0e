import { useEffect, useState } from "preact/hooks";

/** Whole seconds until a time (Unix milliseconds), counted down; 0 when it has come, or for none. */
export function useSecondsUntil(time: number | null): number {
  const [looked, setLooked] = useState(0);
  const left = time === null ? 0 : Math.max(time - Date.now(), 0);
  useEffect(() => {
    if (time === null || left === 0) return;
    // When the number changes next.
    const timer = setTimeout(() => setLooked(looked + 1), left % 1000 || 1000);
    return () => clearTimeout(timer);
  }, [time, looked]);
  return Math.ceil(left / 1000);
}
