import "../styles/parts.css";
import type { DraftPart, Part } from "@openmates-share/client";
import { lazy } from "../app/lazy.tsx";
import { CodePart } from "./code-part.tsx";
import { DocumentPart } from "./document-part.tsx";
import { FilePart } from "./file-part.tsx";
import { OutputPart } from "./output-part.tsx";
import { ReasoningPart } from "./reasoning-part.tsx";
import { SourcesPart } from "./sources-part.tsx";
import { OtherPart, UnknownPart } from "./strange-part.tsx";

export type SpecialPartProps = { readonly part: Exclude<Part | DraftPart, { type: "markdown" }> };

const DraftFile = lazy(async () => (await import("../embed/draft-part.tsx")).DraftPart);
const EmbedPart = lazy(async () => (await import("../embed/embed-part.tsx")).EmbedPart);

/** Everything that a message can hold besides markdown. */
export function SpecialPart({ part }: SpecialPartProps) {
  switch (part.type) {
    case "code":
      return <CodePart {...part} />;
    case "output":
      return <OutputPart {...part} />;
    case "document":
      return <DocumentPart {...part} />;
    case "reasoning":
      return <ReasoningPart {...part} />;
    case "sources":
      return <SourcesPart {...part} />;
    case "image":
    case "file":
      if ("source" in part) return <DraftFile part={part} />;
      return part.embed ? <EmbedPart part={part} /> : <FilePart part={part} />;
    case "other":
      return <OtherPart {...part} />;
    case "unknown":
      return <UnknownPart {...part} />;
  }
}
