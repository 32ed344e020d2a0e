import type { DraftPart as PartOfDraft } from "@openmates-share/client";
import { useCallback } from "preact/hooks";
import { FilePart } from "../parts/file-part.tsx";
import { type DraftFiles, useDraftFiles } from "./draft-files.ts";
import { isDrawn } from "./image-format.ts";
import { ImageView } from "./image-view.tsx";
import "../styles/embed.css";

type Attached = Extract<PartOfDraft, { type: "image" | "file" }>;
type Picture = Extract<Attached, { type: "image" }> & { readonly source: string };

/** A picture or a file of a draft, before anything of it is uploaded. */
export function DraftPart({ part }: { part: Attached }) {
  const files = useDraftFiles();
  const { source } = part;
  if (source === null || !files?.names.has(source)) return <FilePart part={{ ...part, source: null }} />;
  if (part.type !== "image" || !isDrawn(part)) return <FilePart part={part} />;
  return <DraftPicture part={{ ...part, source }} files={files} />;
}

function DraftPicture({ part, files }: { part: Picture; files: DraftFiles }) {
  const { source } = part;
  const open = useCallback(async () => {
    const blob = await files.read(source);
    if (!blob) throw new TypeError("the draft is gone");
    return { blob: async () => blob };
  }, [files, source]);
  return (
    <div class="embed-part">
      <ImageView {...part} open={open} />
    </div>
  );
}
