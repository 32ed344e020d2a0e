import { useEffect, useRef, useState } from "preact/hooks";
import { sentenceOf } from "./problem.tsx";
import { toast } from "./toasts.tsx";

/** Something that a button starts: one at a time, and what went wrong as a sentence. */
export interface Task {
  readonly busy: boolean;
  /** What is the matter with the last run; null while it runs, when it went well, and when a toast has said it. */
  readonly problem: string | null;
  /** Starts it, unless it still runs: a second press does nothing. */
  run(work: () => Promise<void>): void;
}

/** `says`: what shows the problem. A toast it is in any case when the component is gone by the time that something fails. */
export function useTask({ says = "component" }: { says?: "component" | "toast" } = {}): Task {
  const [state, setState] = useState({ busy: false, problem: null as string | null });
  // Not the state: of two presses before the next rendering, both would find it idle.
  const running = useRef(false);
  const shown = useRef(true);
  useEffect(
    () => () => {
      shown.current = false;
    },
    [],
  );
  const perform = async (work: () => Promise<void>) => {
    running.current = true;
    setState({ busy: true, problem: null });
    const problem = await problemWith(work);
    running.current = false;
    const toasts = says === "toast" || !shown.current;
    if (problem !== null && toasts) toast(problem);
    if (shown.current) setState({ busy: false, problem: toasts ? null : problem });
  };
  return {
    ...state,
    run: (work) => {
      if (!running.current) void perform(work);
    },
  };
}

async function problemWith(work: () => Promise<void>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    return sentenceOf(error);
  }
}
