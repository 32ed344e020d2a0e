import "../styles/parts.css";
import type { DraftPart, Part } from "@openmates-share/client";
import { CodePart } from "./code-part.tsx";
import { DocumentPart } from "./document-part.tsx";
import { FilePart } from "./file-part.tsx";
import { OutputPart } from "./output-part.tsx";
import { ReasoningPart } from "./reasoning-part.tsx";
import { SourcesPart } from "./sources-part.tsx";
import { OtherPart, UnknownPart } from "./strange-part.tsx";

export type SpecialPartProps = { readonly part: Exclude<Part | DraftPart, { type: "markdown" }> };

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
      return <FilePart part={part} />;
    case "other":
      return <OtherPart {...part} />;
    case "unknown":
      return <UnknownPart {...part} />;
  }
}
