import { isEmoji } from "@openmates-share/client";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { EMOJI, type EmojiGroup, findEmoji, type NamedEmoji } from "./emoji-list.ts";
import { useMoveFocus } from "./move-focus.ts";

/** Emoji to look through or to search by name; what is pasted or typed as one is offered, too. */
export function EmojiPicker({ onChoose }: { onChoose: (emoji: string) => void }) {
  const [query, setQuery] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const box = useRef<HTMLDivElement>(null);
  useMoveFocus(box);
  const groups = useMemo(() => groupsFor(query.trim()), [query]);
  const count = groups.reduce((sum, { emoji }) => sum + emoji.length, 0);
  const first = groups[0]?.emoji[0];
  // On a touch screen its keyboard would cover what there is to choose from.
  useEffect(() => {
    if (!matchMedia("(pointer: coarse)").matches) input.current?.focus();
  }, []);
  return (
    <div class="emoji-picker">
      <input
        ref={input}
        class="input"
        type="search"
        aria-label="Search emoji"
        placeholder="Search emoji"
        autoComplete="off"
        spellcheck={false}
        value={query}
        onInput={({ currentTarget }) => setQuery(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.isComposing) return;
          if (event.key === "Enter" && first) onChoose(first.emoji);
          else if (event.key === "ArrowDown") event.currentTarget.parentElement?.querySelector("button")?.focus();
          else return;
          event.preventDefault();
        }}
      />
      <p class="unseen" role="status">
        {query && `${count} found`}
      </p>
      <div ref={box} class="emoji-groups">
        {groups.map(({ name, emoji }) => (
          <EmojiGrid key={name} name={name} emoji={emoji} onChoose={onChoose} />
        ))}
        {count === 0 && (
          <p class="hint">Nothing is called that here. You can also paste an emoji, or type one with your keyboard.</p>
        )}
      </div>
    </div>
  );
}

function EmojiGrid({ name, emoji, onChoose }: EmojiGroup & { onChoose: (emoji: string) => void }) {
  return (
    <section aria-label={name}>
      <p class="hint" aria-hidden="true">
        {name}
      </p>
      <div class="emoji-grid">
        {emoji.map(({ emoji: one, name: called }, index) => (
          <button
            key={one}
            type="button"
            class="emoji-button emoji"
            // From one to the next by arrow keys: hundreds of stops would be no way past them.
            tabIndex={index === 0 ? 0 : -1}
            aria-label={called}
            title={called}
            onClick={() => onChoose(one)}
          >
            {one}
          </button>
        ))}
      </div>
    </section>
  );
}

function groupsFor(query: string): readonly EmojiGroup[] {
  if (query === "") return EMOJI;
  const typed: readonly NamedEmoji[] = isEmoji(query) ? [{ emoji: query, name: query, words: "" }] : [];
  const emoji = typed.length > 0 ? typed : findEmoji(query);
  return emoji.length > 0 ? [{ name: "Found", emoji }] : [];
}
