import { RichText } from "../chat/message-text.tsx";
import { Fold, startOf } from "./fold.tsx";

/** Of markdown, as they stand in thoughts: their headings are bold lines. */
const SIGNS = /\*\*|`|^#{1,6} /gm;

/** What a model thought before it answered. */
export function ReasoningPart({ text, seconds }: { text: string; seconds: number | null }) {
  const title = seconds === null ? "Thought" : `Thought for ${duration(seconds)}`;
  if (text.trim() === "") return <p class="part-note">{title}</p>;
  return (
    <Fold title={title} start={startOf(text.slice(0, 1000).replace(SIGNS, ""))} className="reasoning">
      <RichText text={text} />
    </Fold>
  );
}

/** `12 s`, `3 min 5 s`, `1 h 4 min`. */
export function duration(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}
