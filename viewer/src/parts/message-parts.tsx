import { type DraftPart, type Part, partText } from "@openmates-share/client";
import { RichText } from "../chat/message-text.tsx";

export interface MessagePartsProps {
  readonly parts: readonly (Part | DraftPart)[];
  /** Whether single line ends break lines, as people type them. */
  readonly breaks: boolean;
}

/** What a message says, part by part. */
export function MessageParts({ parts, breaks }: MessagePartsProps) {
  return (
    <>
      {parts.map((part, index) => (
        <RichText key={index} text={partText(part)} breaks={breaks && part.type === "markdown"} />
      ))}
    </>
  );
}
