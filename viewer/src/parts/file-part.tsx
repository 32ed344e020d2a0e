import { type DraftPart, type Part, plainLine } from "@openmates-share/client";
import { Icon } from "../app/icons.tsx";
import { fileSize } from "../embed/file-names.ts";

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
  return [plainLine(mediaType), size === null ? "" : fileSize(size)].filter(Boolean).join(" · ");
}
