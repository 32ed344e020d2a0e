import { signal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { typeset as Typeset } from "./typeset.ts";

/** Longer ones stay as they were written. UTF-16 units. */
const MAX_TEX = 5_000;

const typesetting = signal<typeof Typeset | null>(null);
let asked = false;

/** The code and the fonts for formulas are fetched when the first one is shown; until then, and without them, TeX. */
function ask(): void {
  if (asked) return;
  asked = true;
  import("./typeset.ts").then(
    ({ typeset }) => {
      typesetting.value = typeset;
    },
    () => {
      asked = false;
    },
  );
}

export function Formula({ tex, display }: { tex: string; display: boolean }) {
  const typeset = tex.length <= MAX_TEX ? typesetting.value : null;
  // The inside of this element belongs to the effect alone: Preact has no children in it to look for.
  const place = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    ask();
    const element = place.current;
    if (!element) return;
    const formula = typeset?.(tex, { display }) ?? null;
    element.classList.toggle("set", formula !== null);
    element.replaceChildren(formula ?? tex);
    // What scrolls must be reachable by the keyboard.
    if (element.scrollWidth > element.clientWidth && display) element.tabIndex = 0;
  }, [tex, display, typeset]);
  return <span ref={place} class={display ? "formula display" : "formula"} dir="ltr" />;
}
