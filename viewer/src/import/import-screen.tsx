import { useState } from "preact/hooks";
import { counted, mediumTime } from "../app/dates.ts";
import { Icon } from "../app/icons.tsx";
import { Page } from "../app/page.tsx";
import { sentenceOf } from "../app/problem.tsx";
import { useSession } from "../app/session.ts";
import { toast } from "../app/toasts.tsx";
import { choose, type Intake } from "./intake.ts";
import type { Choice } from "./reader-messages.ts";

/** More rows than that are found by searching, not by scrolling. */
const SHOWN = 100;

/** The conversations of an export, to pick one. */
export function ImportScreen({ choosing: { name, reading } }: { choosing: Extract<Intake, { state: "choosing" }> }) {
  const { drafts } = useSession();
  const [query, setQuery] = useState("");
  const [limit, setLimit] = useState(SHOWN);
  const found = search(reading.choices, query);
  const pick = (index: number) => {
    choose(index, { reading, drafts }).catch((error: unknown) => toast(sentenceOf(error)));
  };
  return (
    <Page>
      <div class="page">
        <header class="page-head">
          <h1>Which conversation?</h1>
          <p class="hint">
            {counted(reading.choices.length, "conversation")} in {name}.
            {reading.skipped > 0 && ` ${counted(reading.skipped, "record")} without messages left out.`} They stay in
            this browser.
          </p>
        </header>
        <div class="field">
          <label for="import-search" class="unseen">
            Search conversations
          </label>
          <input
            id="import-search"
            class="input"
            type="search"
            placeholder="Search by title"
            value={query}
            onInput={(event) => setQuery(event.currentTarget.value)}
          />
        </div>
        {found.length === 0 && <p class="empty">No conversation has “{query}” in its title.</p>}
        <ul class="cards" aria-label="Conversations">
          {found.slice(0, limit).map(({ choice, index }) => (
            <li key={index}>
              <button type="button" class="card-button" onClick={() => pick(index)}>
                <span class="card-title" dir="auto">
                  {choice.title}
                </span>
                <span class="hint">
                  {choice.time !== null && `${mediumTime(choice.time)} · `}
                  {counted(choice.messageCount, "message")}
                </span>
                <Icon name="chevron" />
              </button>
            </li>
          ))}
        </ul>
        {found.length > limit && (
          <button type="button" class="button" onClick={() => setLimit(limit + SHOWN)}>
            Show more ({found.length - limit} left)
          </button>
        )}
      </div>
    </Page>
  );
}

function search(choices: readonly Choice[], query: string): { choice: Choice; index: number }[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return choices
    .map((choice, index) => ({ choice, index }))
    .filter(({ choice }) => words.every((word) => choice.title.toLowerCase().includes(word)))
    .sort((a, b) => (b.choice.time ?? 0) - (a.choice.time ?? 0));
}
