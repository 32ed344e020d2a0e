import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly action: { readonly label: string; readonly run: () => void } | null;
}

const SECONDS = 6;
/** Undo needs the time to be read, reached and pressed. */
const SECONDS_WITH_ACTION = 12;

const toasts = signal<readonly Toast[]>([]);
const announcement = signal("");
let lastId = 0;

/** A short notice that goes away by itself, with one thing to do about it at most. */
export function toast(text: string, action: Toast["action"] = null): void {
  if (!action && toasts.peek().some((shown) => shown.text === text)) return;
  lastId += 1;
  toasts.value = [...toasts.value.slice(-2), { id: lastId, text, action }];
}

/** Says something to screen readers alone, when they are done with what they say now. */
export function announce(text: string): void {
  announcement.value = text;
}

export function Toasts() {
  return (
    <>
      <div class="unseen" aria-live="polite">
        {announcement.value}
      </div>
      <ToastStack />
    </>
  );
}

/** Above dialogs too: as a popover that is shown anew for each toast it lies on top of what was opened before. */
function ToastStack() {
  const stack = useRef<HTMLDivElement>(null);
  const shown = toasts.value;
  const newest = shown.at(-1)?.id;
  useEffect(() => {
    const { current } = stack;
    if (!current || newest === undefined) return;
    current.hidePopover();
    current.showPopover();
  }, [newest]);
  return (
    <div ref={stack} class="toasts" role="status" popover="manual">
      {shown.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </div>
  );
}

function ToastCard({ toast: { id, text, action } }: { toast: Toast }) {
  useEffect(() => {
    const timer = setTimeout(() => dismiss(id), (action ? SECONDS_WITH_ACTION : SECONDS) * 1000);
    return () => clearTimeout(timer);
  }, [id, action]);
  return (
    <div class="toast">
      <span>{text}</span>
      {action && (
        <button
          type="button"
          class="text-button"
          onClick={() => {
            dismiss(id);
            action.run();
          }}
        >
          {action.label}
        </button>
      )}
    </div>
  );
}

function dismiss(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}
