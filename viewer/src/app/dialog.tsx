import type { ComponentChildren } from "preact";
import { useEffect, useId, useLayoutEffect, useRef } from "preact/hooks";
import { IconButton } from "./icon-button.tsx";
import { ProblemLine } from "./problem-line.tsx";

/** A native modal dialog: the browser keeps the focus in, gives it back, and closes on Escape. */
export function Dialog(props: {
  title: string;
  children: ComponentChildren;
  onClose: () => void;
  /** While something runs that must be ended by its own button. */
  busy?: boolean;
  wide?: boolean;
}) {
  const { title, children, onClose, busy = false, wide = false } = props;
  const element = useRef<HTMLDialogElement>(null);
  const heading = useId();
  // Not useEffect, which cleans up after the element is gone: a browser gives the focus back only from what is still there.
  useLayoutEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  useEffect(() => {
    const dialog = element.current;
    // The backdrop belongs to the dialog itself; what is in it lies within the inner box.
    const onPress = (event: MouseEvent) => {
      if (event.target === dialog && !busy) onClose();
    };
    dialog?.addEventListener("mousedown", onPress);
    return () => dialog?.removeEventListener("mousedown", onPress);
  }, [busy, onClose]);
  return (
    <dialog
      ref={element}
      class={wide ? "dialog wide" : "dialog"}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        if (!busy) onClose();
      }}
    >
      <div class="dialog-inside">
        <div class="dialog-head">
          <h2 id={heading}>{title}</h2>
          <IconButton icon="close" label="Close" disabled={busy} onClick={onClose} />
        </div>
        {children}
      </div>
    </dialog>
  );
}

/** The buttons of a dialog, at its lower edge however long it is; the last one is what it is for. */
export function DialogFoot(props: {
  /** What went wrong with what the buttons do: here it is seen, however long the dialog is. */
  problem?: string | null;
  children: ComponentChildren;
}) {
  const { problem = null, children } = props;
  return (
    <div class="dialog-foot">
      <ProblemLine problem={problem} />
      <div class="row end">{children}</div>
    </div>
  );
}
