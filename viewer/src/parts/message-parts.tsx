import { type DraftPart, type Part, partText } from "@openmates-share/client";
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { PlainText, RichText } from "../chat/message-text.tsx";
import type { SpecialPart as Special, SpecialPartProps } from "./special-part.tsx";

export interface MessagePartsProps {
  readonly parts: readonly (Part | DraftPart)[];
  /** Whether single line ends break lines, as people type them. */
  readonly breaks: boolean;
}

/** What a message says, part by part. */
export function MessageParts({ parts, breaks }: MessagePartsProps) {
  return (
    <>
      {parts.map((part, index) =>
        part.type === "markdown" ? (
          <RichText key={index} text={part.text} breaks={breaks} />
        ) : (
          <SpecialPart key={index} part={part} />
        ),
      )}
    </>
  );
}

const special = signal<typeof Special | null>(null);
let asked = false;

/** Most chats are markdown alone: the rest is fetched with the first part that needs it. Until then, its text. */
function SpecialPart({ part }: SpecialPartProps) {
  useEffect(() => {
    if (asked) return;
    asked = true;
    import("./special-part.tsx").then(
      ({ SpecialPart }) => {
        special.value = SpecialPart;
      },
      () => {
        asked = false;
      },
    );
  }, []);
  const Rendering = special.value;
  return Rendering ? <Rendering part={part} /> : <PlainText text={partText(part)} />;
}
