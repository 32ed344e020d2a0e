import { useEffect } from "preact/hooks";
import { useDrafts } from "../draft/use-drafts.ts";
import { takeFile, takeText } from "../import/intake.ts";

/** What is pasted anywhere on the page, but into a field or over a dialog, is brought in. */
export function usePaste(): void {
  const drafts = useDrafts();
  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => {
      if (event.target instanceof Element && event.target.closest("input, textarea, dialog")) return;
      const text = event.clipboardData?.getData("text/plain") ?? "";
      const file = event.clipboardData?.files[0];
      // Words that were copied with a picture of them are meant as words.
      if (text.trim() !== "") void takeText(text, drafts);
      else if (file) void takeFile(file, drafts);
    };
    document.addEventListener("paste", onPaste);
    return () => document.removeEventListener("paste", onPaste);
  }, [drafts]);
}
