import { safeFileName } from "./file-names.ts";

/** Long enough for any browser to begin saving. Milliseconds. */
const GRACE = 60_000;

/** Has the browser save it. As bytes of no type: what is saved must never open as a page of ours. */
export function saveFile(blob: Blob, name: string): void {
  const url = URL.createObjectURL(new Blob([blob], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = safeFileName(name);
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), GRACE);
}
