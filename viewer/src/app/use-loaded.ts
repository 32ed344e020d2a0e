import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { sentenceOf } from "./problem.tsx";

/** What a part of the screen shows of what is kept elsewhere. */
export interface Loaded<Value> {
  /** The last that came; null until something does. */
  readonly value: Value | null;
  /** Why the last try brought nothing, as a sentence. */
  readonly problem: string | null;
  /** Loads it again. Ends when that is done, well or not. */
  reload(): Promise<void>;
}

/**
 * Loads at once, again whenever `load` is another function, and again when asked; each time ends the one before, whose
 * signal is aborted.
 */
export function useLoaded<Value>(load: (signal: AbortSignal) => Promise<Value>): Loaded<Value> {
  const [state, setState] = useState({ value: null as Value | null, problem: null as string | null });
  const last = useRef<AbortController | null>(null);
  const reload = useCallback(async () => {
    last.current?.abort();
    const abort = new AbortController();
    const { signal } = abort;
    last.current = abort;
    try {
      const value = await load(signal);
      if (!signal.aborted) setState({ value, problem: null });
    } catch (error) {
      if (signal.aborted) return;
      const problem = sentenceOf(error);
      setState(({ value }) => ({ value, problem }));
    }
  }, [load]);
  useEffect(() => {
    void reload();
    return () => last.current?.abort();
  }, [reload]);
  return { ...state, reload };
}
