import type { ComponentChildren } from "preact";
import { DialogFoot } from "./dialog.tsx";

/** In a dialog: how far something is that takes a while, and the button that ends it. */
export function Progress(props: {
  says: ComponentChildren;
  value: number;
  max: number;
  onStop: () => void;
  /** Between the bar and the button. */
  children?: ComponentChildren;
}) {
  const { says, value, max, onStop, children } = props;
  return (
    <>
      <p role="status">{says}</p>
      <progress class="progress" aria-label="Progress" value={value} max={Math.max(max, 1)} />
      {children}
      <DialogFoot>
        <button type="button" class="button" onClick={onStop}>
          Cancel
        </button>
      </DialogFoot>
    </>
  );
}
