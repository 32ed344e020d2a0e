import { useState } from "preact/hooks";
import { sentenceOf } from "../app/problem.tsx";

/** Something that a button starts: one at a time, and what went wrong as a sentence. */
export interface Task {
  readonly busy: boolean;
  readonly problem: string | null;
  run(work: () => Promise<void>): Promise<void>;
}

export function useTask(): Task {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const run = async (work: () => Promise<void>) => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await work();
    } catch (error) {
      setProblem(sentenceOf(error));
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, run };
}
