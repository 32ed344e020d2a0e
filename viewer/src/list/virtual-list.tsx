import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { ListView } from "./list-view.ts";
import { rowsOf } from "./rendered.ts";

export interface VirtualListProps {
  readonly view: ListView;
  readonly length: number;
  readonly label: string;
  /**
   * What a row shows; null when it is not here yet, false for nothing. `formed` is false while there is no time for more than its plain text.
   * A row keeps its number: rows are added at the end and never between others.
   */
  readonly row: (index: number, formed: boolean) => ComponentChildren | null;
  /** Is told which rows are on and near the screen, inclusive, so that what is missing can be fetched. */
  readonly onRows?: (first: number, last: number) => void;
}

/** A list of any length; of a long one, only what is near the screen stands in the page. */
export function VirtualList({ view, length, label, row, onRows }: VirtualListProps) {
  const box = useRef<HTMLDivElement>(null);
  const rows = useRef<HTMLOListElement>(null);
  const rendered = view.rendered.value;
  useLayoutEffect(() => view.resize(length), [view, length]);
  useLayoutEffect(() => {
    if (box.current && rows.current) return view.attach(box.current, rows.current);
  }, [view]);
  useLayoutEffect(() => view.settleRows());
  const { first, last } = rendered;
  useEffect(() => onRows?.(first, last), [onRows, first, last]);
  return (
    <div ref={box} class="virtual">
      <PrintNote view={view} length={length} />
      <ol ref={rows} class="messages" aria-label={label}>
        {rowsOf(rendered)
          .filter((index) => index < length)
          .map((index) => {
            const formed = rendered.formed.has(index);
            const content = row(index, formed);
            const held = index === rendered.held && (index < first || index > last);
            return (
              <li
                key={index}
                class={rowClass({ held, silent: content === false })}
                data-row={index}
                data-missing={content === null ? "" : undefined}
                aria-hidden={content === false ? true : undefined}
                aria-posinset={index + 1}
                aria-setsize={length}
                style={heightStyle(view, { index, formed, missing: content === null })}
              >
                {content ?? <MissingRow />}
              </li>
            );
          })}
      </ol>
    </div>
  );
}

function rowClass({ held, silent }: { held: boolean; silent: boolean }): string {
  return `message-row${held ? " held" : ""}${silent ? " silent" : ""}`;
}

/** A row without its form keeps the height it had with it. */
function heightStyle(view: ListView, row: { index: number; formed: boolean; missing: boolean }) {
  if (row.missing) return { blockSize: `${view.estimate}px` };
  const known = view.knownHeight(row.index);
  return row.formed || known === null ? undefined : { blockSize: `${known}px`, overflow: "clip" };
}

/** On paper alone: that there is more. */
function PrintNote({ view, length }: { view: ListView; length: number }) {
  const printed = view.printed.value;
  if (!printed || printed.last - printed.first + 1 >= length) return null;
  return (
    <p class="hint">
      Messages {(printed.first + 1).toLocaleString()} to {(printed.last + 1).toLocaleString()} of{" "}
      {length.toLocaleString()}. To keep all of them, download the chat.
    </p>
  );
}

function MissingRow() {
  return (
    <div class="bone-message" role="status" aria-label="Loading">
      <div class="bone name" />
      <div class="bone" />
      <div class="bone" />
      <div class="bone short" />
    </div>
  );
}
