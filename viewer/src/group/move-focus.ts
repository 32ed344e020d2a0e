import { useEffect } from "preact/hooks";

/**
 * Arrow keys among the buttons of a box: along the line, and to what lies above or below. Left is left, also where people read
 * from the right.
 */
export function useMoveFocus(box: { readonly current: HTMLElement | null }): void {
  useEffect(() => {
    const { current } = box;
    current?.addEventListener("keydown", moveFocus);
    return () => current?.removeEventListener("keydown", moveFocus);
  }, [box]);
}

function moveFocus(event: KeyboardEvent): void {
  const { key, currentTarget, target } = event;
  if (!(currentTarget instanceof HTMLElement) || !(target instanceof HTMLButtonElement)) return;
  const boxes = [...currentTarget.querySelectorAll("button")].map((button) => ({ button, ...middleOf(button) }));
  const from = middleOf(target);
  const away = boxes.filter(({ button }) => button !== target).flatMap((box) => distance(key, from, box));
  const [nearest] = away.sort((a, b) => a.far - b.far);
  if (!nearest) return;
  event.preventDefault();
  nearest.button.focus();
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Lines are so much apart at least. CSS pixels. */
const LINE = 12;

/** How far it is in the direction of a key; nothing for what lies elsewhere. */
function distance<Box extends Point>(key: string, from: Point, box: Box): (Box & { far: number })[] {
  const x = box.x - from.x;
  const y = box.y - from.y;
  const beside = Math.abs(y) < LINE;
  // What is in the next line counts by the line first.
  const far = { ArrowLeft: beside ? -x : -1, ArrowRight: beside ? x : -1, ArrowUp: -y, ArrowDown: y }[key] ?? -1;
  if (key === "ArrowUp" || key === "ArrowDown") return far < LINE ? [] : [{ ...box, far: far * 1_000 + Math.abs(x) }];
  return far <= 0 ? [] : [{ ...box, far }];
}

function middleOf(element: HTMLElement): Point {
  const { left, top, width, height } = element.getBoundingClientRect();
  return { x: left + width / 2, y: top + height / 2 };
}
