import { useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { IconButton } from "../app/icon-button.tsx";
import { Icon } from "../app/icons.tsx";
import type { Reading } from "./reading.ts";
import type { Found } from "./search.ts";

/** Somebody who goes on typing is not shown what half a word finds. Milliseconds. */
const TYPING = 180;

/** Under the header, over the chat: what to look for, how often it is there, and the way from one to the next. */
export function SearchBar({ reading }: { reading: Reading }) {
  const { search } = reading;
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const found = search.found.value;
  useEffect(() => {
    input.current?.focus();
    return () => clearTimeout(timer.current);
  }, []);
  useSignalEffect(() => {
    const { rows, state } = search.found.value;
    reading.mark();
    if (reading.hit.peek() !== null || rows.length === 0) return;
    const here = reading.view.current.peek();
    // Not to the first one of all as long as one may still be found that is nearer.
    if (state !== "running" || (rows.at(-1) ?? 0) >= here) reading.go(1);
  });
  const look = (query: string) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      reading.hit.value = null;
      search.start(query);
    }, TYPING);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault();
      if (input.current && input.current.value.trim() !== found.query.trim()) {
        clearTimeout(timer.current);
        reading.hit.value = null;
        search.start(input.current.value);
      } else reading.go(event.shiftKey ? -1 : 1);
    } else if (event.key === "Escape") {
      event.preventDefault();
      reading.closeSearch({ goBack: true });
    }
  };
  return (
    <search class="search-bar">
      <div class="search-box">
        <Icon name="search" />
        <input
          ref={input}
          type="text"
          inputMode="search"
          enterKeyHint="search"
          aria-label="Search in this chat"
          placeholder="Search in this chat"
          autoComplete="off"
          spellcheck={false}
          dir="auto"
          onInput={({ currentTarget }) => look(currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <SearchState
          found={found}
          hit={reading.hit.value}
          length={reading.source.length}
          onCancel={() => search.cancel()}
        />
        <IconButton
          icon="up"
          label="Previous match"
          title="Previous match (Shift+Enter)"
          disabled={found.rows.length === 0}
          onClick={() => reading.go(-1)}
        />
        <IconButton
          icon="down"
          label="Next match"
          title="Next match (Enter)"
          disabled={found.rows.length === 0}
          onClick={() => reading.go(1)}
        />
        <IconButton
          icon="close"
          label="Close the search"
          title="Close the search (Escape goes back to where you were)"
          onClick={() => reading.closeSearch({ goBack: false })}
        />
      </div>
    </search>
  );
}

function SearchState(props: { found: Found; hit: number | null; length: number; onCancel: () => void }) {
  const { found, hit, length, onCancel } = props;
  const running = found.state === "running";
  const percent = length === 0 ? 100 : Math.floor((found.seen / length) * 100);
  return (
    <span class="search-state">
      <span role="status">{describe(found, hit)}</span>
      {running && (
        <>
          <span class="hint">{percent} %</span>
          <button type="button" class="text-button" onClick={onCancel}>
            Stop
          </button>
        </>
      )}
    </span>
  );
}

function describe({ query, rows, state }: Found, hit: number | null): string {
  if (query.trim() === "") return "";
  if (rows.length === 0) {
    if (state === "running") return "Searching…";
    return state === "failed" ? "The search broke off" : "Not found";
  }
  const place = hit === null ? -1 : rows.indexOf(hit);
  const all = `${rows.length.toLocaleString()}${state === "done" ? "" : "+"}`;
  return place === -1 ? `${all} found` : `${(place + 1).toLocaleString()} of ${all}`;
}
