import { useLayoutEffect } from "preact/hooks";

/** Of the window's edges. CSS pixels. */
const MARGIN = 8;

/**
 * Shows a popover beside what opened it, gives it the focus and that one the focus back, and closes it when that
 * one leaves the screen. `onClose` is called once it is closed, however that came.
 */
export function useAnchored(
  popover: { readonly current: HTMLElement | null },
  options: { anchor: HTMLElement; onClose: () => void },
): void {
  const { anchor, onClose } = options;
  useLayoutEffect(() => {
    const { current } = popover;
    if (!current) return;
    current.showPopover();
    place(current, anchor);
    current.querySelector("button")?.focus();
    // A message that comes in moves the page as well: only what has left the screen is gone.
    const follow = () => {
      const { top, bottom } = anchor.getBoundingClientRect();
      if (anchor.isConnected && bottom > 0 && top < innerHeight) place(current, anchor);
      else if (current.matches(":popover-open")) current.hidePopover();
    };
    const onToggle = (event: Event) => {
      if ((event as ToggleEvent).newState !== "closed") return;
      const inside = current.contains(document.activeElement) || document.activeElement === document.body;
      if (inside && anchor.isConnected) anchor.focus({ preventScroll: true });
      onClose();
    };
    // It grows when there is more to choose from.
    const observer = new ResizeObserver(() => place(current, anchor));
    observer.observe(current);
    current.addEventListener("toggle", onToggle);
    addEventListener("scroll", follow, { passive: true });
    return () => {
      observer.disconnect();
      current.removeEventListener("toggle", onToggle);
      removeEventListener("scroll", follow);
    };
  }, [popover, anchor, onClose]);
}

/** Below it if there is room, else above; never outside of the window. */
function place(popover: HTMLElement, anchor: HTMLElement): void {
  const { top, bottom, left, right } = anchor.getBoundingClientRect();
  const { width, height } = popover.getBoundingClientRect();
  const below = bottom + height + MARGIN < innerHeight;
  const rightAligned = right - width > MARGIN;
  popover.style.top = `${below ? bottom + 4 : Math.max(MARGIN, top - height - 4)}px`;
  popover.style.left = `${Math.max(MARGIN, rightAligned ? right - width : Math.min(left, innerWidth - width - MARGIN))}px`;
}
