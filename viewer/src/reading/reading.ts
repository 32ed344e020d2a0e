import { signal } from "@preact/signals";
import type { ListView } from "../list/list-view.ts";
import { clearHighlights, rangesIn, showHighlights } from "./highlights.ts";
import type { ReadingSource } from "./reading-source.ts";
import { rowAfter, Search } from "./search.ts";

/** What lies over or beside the chat. */
export type Panel = "none" | "search" | "help" | "download" | "outline" | "fork";

/** Reading one chat: where one is, what one looks for, what is open beside it. */
export class Reading {
  readonly view: ListView;
  readonly panel = signal<Panel>("none");
  /** The row of the message that a fork was asked for at; null for the whole chat. */
  readonly branch = signal<number | null>(null);
  readonly search: Search;
  /** The row that a search has led to, or null. */
  readonly hit = signal<number | null>(null);
  readonly #source: () => ReadingSource;
  /** Which of the places within that row. */
  #place = 0;
  /** Where one was before the search. */
  #before: ReturnType<() => ListView["place"]> | null = null;
  #observer: MutationObserver | null = null;

  constructor(options: { view: ListView; source: () => ReadingSource }) {
    this.view = options.view;
    this.#source = options.source;
    this.search = new Search(options.source);
  }

  get source(): ReadingSource {
    return this.#source();
  }

  stop(): void {
    this.closeSearch({ goBack: false });
  }

  openSearch(): void {
    if (this.panel.value === "search") return;
    this.#before = this.view.place;
    this.panel.value = "search";
    const list = this.view.element;
    if (!list) return;
    let planned = false;
    // Rows come and go while somebody scrolls, and their words have to be marked again.
    this.#observer = new MutationObserver(() => {
      if (planned) return;
      planned = true;
      requestAnimationFrame(() => {
        planned = false;
        this.mark();
      });
    });
    this.#observer.observe(list, { childList: true, subtree: true, characterData: true });
  }

  closeSearch({ goBack }: { goBack: boolean }): void {
    this.#observer?.disconnect();
    this.#observer = null;
    this.search.stop();
    this.hit.value = null;
    clearHighlights();
    if (this.panel.value === "search") this.panel.value = "none";
    if (goBack && this.#before) this.view.restore(this.#before);
    this.#before = null;
  }

  /** To the next place that was found, or the one before it. */
  go(step: 1 | -1): void {
    const { rows } = this.search.found.value;
    const { value: hit } = this.hit;
    const places = hit === null ? [] : this.#rangesOf(hit);
    const next = this.#place + step;
    if (hit !== null && next >= 0 && next < places.length) {
      this.#place = next;
      this.#showPlace(places[next] ?? null);
      return;
    }
    const from = hit ?? this.view.current.value - step;
    const row = rowAfter(rows, from, step);
    if (row === null) return;
    this.hit.value = row;
    // From below one comes to the last place of a message; which one that is shows once it is on the page.
    this.#place = step === 1 ? 0 : Number.POSITIVE_INFINITY;
    this.view.show(row);
    requestAnimationFrame(() => requestAnimationFrame(() => this.#arrive(row)));
  }

  /** Marks what was found in the rows that are in the page. */
  mark(): void {
    const { query } = this.search.found.value;
    const { value: hit } = this.hit;
    const ranges: Range[] = [];
    let current: Range | null = null;
    for (const row of this.view.element?.querySelectorAll<HTMLElement>("[data-row]") ?? []) {
      const here = rangesIn(row, query);
      ranges.push(...here);
      if (Number(row.dataset.row) === hit) current = here[Math.min(this.#place, here.length - 1)] ?? null;
    }
    showHighlights(ranges, current);
  }

  #arrive(row: number): void {
    if (this.hit.value !== row) return;
    const places = this.#rangesOf(row);
    this.#place = Math.max(0, Math.min(this.#place, places.length - 1));
    this.#showPlace(places[this.#place] ?? null);
  }

  #showPlace(range: Range | null): void {
    this.mark();
    if (!range) return;
    // What is folded away has to open before it can be seen.
    for (let element = range.startContainer.parentElement; element; element = element.parentElement) {
      if (element instanceof HTMLDetailsElement) element.open = true;
    }
    const { top, bottom } = range.getBoundingClientRect();
    if (top < innerHeight * 0.15 || bottom > innerHeight * 0.8) {
      scrollBy({ top: top - innerHeight * 0.3, behavior: "instant" });
    }
  }

  #rangesOf(row: number): Range[] {
    const element = this.view.elementOf(row);
    return element ? rangesIn(element, this.search.found.value.query) : [];
  }
}
