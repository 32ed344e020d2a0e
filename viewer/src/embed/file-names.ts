import { plainLine } from "@openmates-share/client";

/**
 * A file's name as it may be shown and saved: on one line, without what reorders or hides text (`exe.gpj` must not read as
 * `jpg.exe`), without parts of a path.
 */
export function safeFileName(name: string): string {
  const plain = plainLine(name.replace(/[/\\:]+/g, " ")).replace(/^[.\s]+/, "");
  return plain || "file";
}

const UNITS = ["kB", "MB", "GB"] as const;

/** `1 byte`, `640 bytes`, `12.3 kB`, `4 MB`: in thousands, as people count. */
export function fileSize(bytes: number): string {
  if (bytes < 1000) return bytes === 1 ? "1 byte" : `${bytes} bytes`;
  let size = bytes / 1000;
  let unit = 0;
  while (size >= 999.5 && unit < UNITS.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${size.toLocaleString("en", { maximumFractionDigits: size < 10 ? 1 : 0 })} ${UNITS[unit]}`;
}

const KINDS = new Map(
  Object.entries({
    website: "Website",
    place: "Place",
    event: "Event",
    code: "Code",
    application: "Application",
    file: "File",
    sheet: "Table",
    document: "Document",
    image: "Picture",
    video: "Video",
    audio: "Audio",
    pdf: "PDF",
  }),
);

/** What sort of thing it is, in a word. */
export function kindOf(type: string): string {
  return KINDS.get(type) ?? "File";
}
