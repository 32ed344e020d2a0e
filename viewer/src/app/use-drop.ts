import { type ReadonlySignal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

/** Takes files dropped anywhere on the page; the signal says whether one hangs over it. */
export function useDrop(take: (file: File, all: readonly File[]) => void): ReadonlySignal<boolean> {
  const over = useSignal(false);
  const taker = useRef(take);
  taker.current = take;
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const onOver = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      over.value = true;
    };
    addEventListener("dragenter", onOver, { signal });
    addEventListener("dragover", onOver, { signal });
    addEventListener(
      "dragleave",
      (event) => {
        // Leaving one element for another on the way is no leaving.
        if (event.relatedTarget === null) over.value = false;
      },
      { signal },
    );
    addEventListener(
      "drop",
      (event) => {
        over.value = false;
        const all = [...(event.dataTransfer?.files ?? [])];
        const file = all[0];
        if (!file) return;
        event.preventDefault();
        taker.current(file, all);
      },
      { signal },
    );
    return () => controller.abort();
  }, [over]);
  return over;
}
