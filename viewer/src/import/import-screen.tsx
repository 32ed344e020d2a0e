import "../styles/import.css";
import { useMemo, useRef, useState } from "preact/hooks";
import { complain } from "../app/complain.ts";
import { counted, mediumTime } from "../app/dates.ts";
import { Icon } from "../app/icons.tsx";
import { lazy } from "../app/lazy.tsx";
import { Page } from "../app/page.tsx";
import { useDrafts } from "../draft/use-drafts.ts";
import { choose, type Intake } from "./intake.ts";
import { type Listed, listed, ORDERS, type Order } from "./selection.ts";

/** More rows than that are found by searching, not by scrolling. */
const SHOWN = 100;

const ShareManyDialog = lazy(async () => (await import("./share-many-dialog.tsx")).ShareManyDialog);

/** The conversations of an export, to look at one or to share several. */
export function ImportScreen({ choosing: { name, reading } }: { choosing: Extract<Intake, { state: "choosing" }> }) {
  const drafts = useDrafts();
  const { conversations, skipped, flaw } = reading.list;
  const [query, setQuery] = useState("");
  const [order, setOrder] = useState<Order>("newest");
  const [limit, setLimit] = useState(SHOWN);
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set());
  const [sharing, setSharing] = useState(false);
  const last = useRef<number | null>(null);
  const found = useMemo(() => listed(conversations, { query, order }), [conversations, query, order]);
  const open = (index: number) => {
    choose(index, { reading, drafts }).catch(complain);
  };
  const toggle = (place: number, range: boolean) => {
    const from = range && last.current !== null ? Math.min(last.current, place) : place;
    const to = range && last.current !== null ? Math.max(last.current, place) : place;
    const on = !selected.has(found[place]?.index ?? -1);
    last.current = place;
    setSelected(changed(selected, { rows: found.slice(from, to + 1), on }));
  };
  const all = found.length > 0 && found.every(({ index }) => selected.has(index));
  return (
    <Page>
      <div class="page">
        <header class="page-head">
          <h1>Which conversation?</h1>
          <p class="hint">
            {counted(conversations.length, "conversation")} in {name}.
            {skipped > 0 && ` ${counted(skipped, "record")} without messages left out.`} They stay in this browser.
          </p>
          {flaw && <p class="sentence private">{flaw}</p>}
        </header>
        <div class="pick-tools">
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
              onInput={(event) => {
                last.current = null;
                setQuery(event.currentTarget.value);
              }}
            />
          </div>
          <div>
            <label for="import-order" class="unseen">
              Order
            </label>
            <select
              id="import-order"
              class="input"
              value={order}
              onChange={({ currentTarget: { value } }) => {
                last.current = null;
                setOrder(ORDERS.find((one) => one.value === value)?.value ?? "newest");
              }}
            >
              {ORDERS.map(({ value, name: words }) => (
                <option key={value} value={value}>
                  {words}
                </option>
              ))}
            </select>
          </div>
          <button
            type="button"
            class="button"
            disabled={found.length === 0}
            onClick={() => setSelected(changed(selected, { rows: found, on: !all }))}
          >
            {all ? "Select none" : query ? `Select all ${found.length.toLocaleString()} found` : "Select all"}
          </button>
        </div>
        {found.length === 0 && <p class="empty">No conversation has “{query}” in its title.</p>}
        <ul class="cards" aria-label="Conversations">
          {found.slice(0, limit).map((row, place) => (
            <Row
              key={row.index}
              row={row}
              selected={selected.has(row.index)}
              onToggle={(range) => toggle(place, range)}
              onOpen={() => open(row.index)}
            />
          ))}
        </ul>
        {found.length > limit && (
          <button type="button" class="button" onClick={() => setLimit(limit + SHOWN)}>
            Show more ({(found.length - limit).toLocaleString()} left)
          </button>
        )}
        {selected.size > 0 && (
          <div class="pick-bar">
            <span role="status">{counted(selected.size, "conversation")} selected</span>
            <button type="button" class="button" onClick={() => setSelected(new Set())}>
              Clear
            </button>
            <button type="button" class="button primary" onClick={() => setSharing(true)}>
              <Icon name="share" />
              Share {selected.size.toLocaleString()}
            </button>
          </div>
        )}
      </div>
      {sharing && (
        <ShareManyDialog
          reading={reading}
          indexes={[...selected].sort((a, b) => a - b)}
          onClose={() => setSharing(false)}
        />
      )}
    </Page>
  );
}

function Row(props: { row: Listed; selected: boolean; onToggle: (range: boolean) => void; onOpen: () => void }) {
  const { row, selected, onToggle, onOpen } = props;
  const { title, time, messageCount, branches } = row.choice;
  return (
    <li class="card pick">
      <label>
        <input type="checkbox" checked={selected} onClick={(event) => onToggle(event.shiftKey)} />
        <span class="unseen">Select “{title}”</span>
      </label>
      <button type="button" class="card-button" onClick={onOpen}>
        <span class="card-title" dir="auto">
          {title}
        </span>
        <span class="hint">
          {time !== null && `${mediumTime(time)} · `}
          {counted(messageCount, "message")}
          {branches.length > 0 && ` · ${counted(branches.length, "other version")}`}
        </span>
        <Icon name="chevron" />
      </button>
    </li>
  );
}

function changed(
  selected: ReadonlySet<number>,
  { rows, on }: { rows: readonly Listed[]; on: boolean },
): ReadonlySet<number> {
  const next = new Set(selected);
  for (const { index } of rows) {
    if (on) next.add(index);
    else next.delete(index);
  }
  return next;
}
