import { useEffect, useRef, useState } from "preact/hooks";
import { complain } from "./complain.ts";

/** What it is given that it can be stopped by, and by what it says how far it is. */
export interface LongTaskHow<Progress> {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** Something that a button starts and that takes a while. */
export interface LongTask<Progress> {
  /** How far it is; null when it does not run. */
  readonly progress: Progress | null;
  /** Starts it, unless it still runs. What fails is said in a toast; what was stopped is not. */
  run(work: (how: LongTaskHow<Progress>) => Promise<void>): void;
  stop(): void;
}

/** `begins`: the progress before anything is known. The end of the component stops it, too. */
export function useLongTask<Progress>(begins: Progress): LongTask<Progress> {
  const [progress, setProgress] = useState<Progress | null>(null);
  const running = useRef<AbortController | null>(null);
  const stop = () => {
    running.current?.abort();
    running.current = null;
    setProgress(null);
  };
  useEffect(() => () => running.current?.abort(), []);
  const perform = async (work: (how: LongTaskHow<Progress>) => Promise<void>) => {
    const abort = new AbortController();
    const { signal } = abort;
    running.current = abort;
    setProgress(() => begins);
    const onProgress = (next: Progress) => {
      if (!signal.aborted) setProgress(() => next);
    };
    try {
      await work({ signal, onProgress });
    } catch (error) {
      if (!signal.aborted) complain(error);
    }
    if (!signal.aborted) stop();
  };
  return {
    progress,
    run: (work) => {
      if (!running.current) void perform(work);
    },
    stop,
  };
}
