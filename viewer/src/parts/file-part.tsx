import { type DraftPart, type Part, plainLine } from "@openmates-share/client";
import { Icon } from "../app/icons.tsx";

type Attached = Extract<Part | DraftPart, { type: "image" | "file" }>;

/** A picture or a file by its name, kind and size. */
export function FilePart({ part }: { part: Attached }) {
  const name = plainLine(part.name) || (part.type === "image" ? "Picture" : "File");
  const there = "embed" in part ? part.embed !== null : part.source !== null;
  return (
    <figure class="file">
      <span class="file-icon">
        <Icon name={part.type === "image" ? "image" : "file"} />
      </span>
      <figcaption>
        <b dir="auto">{name}</b>
        <span class="file-facts">{facts(part)}</span>
        {part.type === "image" && part.alt && <span dir="auto">{plainLine(part.alt)}</span>}
        {!there && <span class="file-missing">Not in what was imported</span>}
      </figcaption>
    </figure>
  );
}

function facts({ mediaType, size }: Attached): string {
  return [plainLine(mediaType), size === null ? "" : sizeOf(size)].filter(Boolean).join(" · ");
}

const UNITS = ["kB", "MB", "GB"] as const;

/** `1 byte`, `640 bytes`, `12.3 kB`, `4 MB`: in thousands, as people count. */
export function sizeOf(bytes: number): string {
  if (bytes < 1000) return bytes === 1 ? "1 byte" : `${bytes} bytes`;
  let size = bytes / 1000;
  let unit = 0;
  while (size >= 999.5 && unit < UNITS.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${size.toLocaleString("en", { maximumFractionDigits: size < 10 ? 1 : 0 })} ${UNITS[unit]}`;
}
