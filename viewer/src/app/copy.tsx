import { useEffect, useState } from "preact/hooks";
import { Icon } from "./icons.tsx";
import { announce, toast } from "./toasts.tsx";

/** Copies a text and says so on the button; `iconOnly` leaves the words to those who cannot see the icon. */
export function CopyButton(props: { text: () => string; label: string; className?: string; iconOnly?: boolean }) {
  const { text, label, className = "button small", iconOnly = false } = props;
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(false), 2500);
    return () => clearTimeout(timer);
  }, [done]);
  const copy = async () => {
    const copied = await copyText(text());
    setDone(copied);
    if (copied) announce("Copied");
    else toast("Your browser did not allow copying. Please select the text and copy it yourself.");
  };
  return (
    <button
      type="button"
      class={className}
      aria-label={iconOnly ? label : undefined}
      title={iconOnly ? label : undefined}
      onClick={copy}
    >
      <Icon name={done ? "check" : "copy"} />
      {iconOnly ? null : done ? "Copied" : label}
    </button>
  );
}

/** @returns whether the browser allowed it */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
