import type { Token } from "marked";
import type { ComponentChildren } from "preact";
import { Icon } from "../app/icons.tsx";
import type { Note } from "./footnotes.ts";

// Buttons, not links with fragments: this app's addresses keep other things behind the #, and each text has a note 1.

/** In the text: goes to the note. */
export function NoteMark({ number }: { number: number }) {
  return (
    <sup class="note-mark" data-note-mark={number}>
      <button type="button" aria-label={`Footnote ${number}`} onClick={(event) => go(event, `[data-note="${number}"]`)}>
        {number}
      </button>
    </sup>
  );
}

/** Beneath the text. */
export function Notes(props: { notes: readonly Note[]; inside: (tokens: readonly Token[]) => ComponentChildren }) {
  return (
    <section class="notes" aria-label="Footnotes">
      <ol>
        {props.notes.map(({ number, tokens, marked }) => (
          <li key={number} data-note={number} tabIndex={-1} dir="auto">
            {props.inside(tokens)}
            {marked && (
              <button
                type="button"
                class="note-back"
                aria-label={`Back to footnote ${number} in the text`}
                onClick={(event) => go(event, `[data-note-mark="${number}"] button`)}
              >
                <Icon name="reply" />
              </button>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Within the same text: every other one numbers its notes alike. */
function go(event: { readonly currentTarget: EventTarget | null }, selector: string): void {
  const text = (event.currentTarget as Element).closest(".markdown");
  const target = text?.querySelector<HTMLElement>(selector);
  target?.focus({ preventScroll: true });
  target?.scrollIntoView({ block: "center" });
}
