import type { ListView } from "../list/list-view.ts";

/** From a message that has the focus to the one above or below it. @returns what ends it */
export function followArrows(view: ListView): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined || event.defaultPrevented || isModified(event) || isForOthers(event.target)) return;
    const { focused } = view;
    if (focused === null || goesOn(view.elementOf(focused), step)) return;
    const row = view.rowBeside(focused, step);
    if (row === null) return;
    event.preventDefault();
    view.show(row, { focus: true });
  };
  document.addEventListener("keydown", onKeyDown);
  return () => document.removeEventListener("keydown", onKeyDown);
}

const STEPS: Readonly<Record<string, 1 | -1>> = { ArrowUp: -1, ArrowDown: 1 };

function isModified({ ctrlKey, metaKey, altKey, shiftKey, isComposing }: KeyboardEvent): boolean {
  return ctrlKey || metaKey || altKey || shiftKey || isComposing;
}

/** Where the arrows mean something of their own. */
function isForOthers(target: EventTarget | null): boolean {
  return (
    target instanceof Element && target.closest("input, textarea, select, dialog, [popover], video, audio") !== null
  );
}

/** Of a message that is higher than the screen, the rest is scrolled to first. */
function goesOn(element: HTMLElement | null, step: 1 | -1): boolean {
  const box = element?.getBoundingClientRect();
  if (!box) return false;
  return step === 1
    ? box.bottom > innerHeight && box.height > innerHeight * 0.6
    : box.top < 0 && box.height > innerHeight * 0.6;
}
