import { type ReadonlySignal, signal } from "@preact/signals";
import { extentOf, listOffset, pageOffset } from "./extent.ts";
import { Heights } from "./heights.ts";
import { form, NOTHING, type Rendered, sameRendered, WHOLE } from "./rendered.ts";
import { RowElements } from "./row-elements.ts";

/** How far beyond the screen rows stand ready. CSS pixels. */
const MARGIN = 1_500;
/** The range of rows is looked at again after so much scrolling. CSS pixels. */
const STEP = 250;
/** After that long without scrolling, the page stands still. Milliseconds. */
const IDLE = 120;
/** So near the end counts as being there. CSS pixels. */
const NEAR = 160;
/** Fractions of pixels apart, this is the very end. CSS pixels. */
const AT_END = 2;
/** What an unknown message counts for at first. CSS pixels. */
const ESTIMATE = 260;
/** Rows that get their form in one frame while somebody scrolls, and when a place is shown at once. */
const PER_FRAME = 3;
const AT_ONCE = 12;
/** So often rows are put in their place between two frames; two or three times is what it takes. */
const ROUNDS = 12;

/** Messages on paper: more than that, and no browser gets done with it. */
const PRINTED = 2_000;

export interface RowRange {
  readonly first: number;
  /** Inclusive. */
  readonly last: number;
}

/** What stays where it is while heights become known and rows come and go. */
type Anchor =
  | { readonly at: "top" }
  | { readonly at: "end" }
  /** `top`: of the row, below the upper edge of the window. CSS pixels. */
  | { readonly at: "row"; readonly index: number; readonly top: number };

export type Start = { readonly at: "top" } | { readonly at: "end" } | { readonly at: "row"; readonly index: number };

/**
 * The part of a long list that stands in the page, scrolled by the page itself.
 *
 * Nothing that is on the screen moves when rows above it turn out higher or lower: the rows are shifted against the page
 * (`drift`) so that the anchor stays, and when scrolling rests, page and rows are moved together, which nobody sees.
 * Scrolling in between would break the momentum of a swipe. The same drift carries lists that are higher than a page can be.
 */
export class ListView {
  readonly #rendered = signal<Rendered>(NOTHING);
  readonly #atEnd = signal(false);
  readonly #current = signal(0);
  readonly #heights: Heights;
  readonly #sticks: boolean;
  #anchor: Anchor;
  #start: Start;
  /** How much further down the list the screen is than the page says. CSS pixels. */
  #drift = 0;
  #box: HTMLElement | null = null;
  readonly #rows = new RowElements();
  #width = 0;
  /** Where the page was put by this list: reaching it is no act of the person. */
  #putAt: number | null = null;
  #lastY = 0;
  #moving = false;
  #idle: ReturnType<typeof setTimeout> | undefined;
  #frame: number | null = null;
  /** How often the rows were put in their place in this frame. */
  #rounds = 0;
  readonly #printed = signal<RowRange | null>(null);
  /** Gets the focus as soon as it is in the page. */
  #toFocus: number | null = null;
  #observer: ResizeObserver | null = null;

  constructor(options: { length: number; start: Start; sticksToEnd: boolean }) {
    this.#heights = new Heights({ length: options.length, estimate: ESTIMATE });
    this.#sticks = options.sticksToEnd;
    this.#start = options.start;
    this.#anchor = anchorOf(options.start);
    this.#rendered.value = this.#firstRendered();
  }

  get rendered(): ReadonlySignal<Rendered> {
    return this.#rendered;
  }

  /** Whether the end of the page is on the screen. */
  get atEnd(): ReadonlySignal<boolean> {
    return this.#atEnd;
  }

  /** What goes on paper, while the page is being printed. */
  get printed(): ReadonlySignal<RowRange | null> {
    return this.#printed;
  }

  /** All of it, or as much as a printer takes from the row on that is being read. */
  get printable(): RowRange {
    const { length } = this.#heights;
    if (length <= PRINTED) return { first: 0, last: length - 1 };
    const first = Math.min(this.#current.value, length - PRINTED);
    return { first, last: first + PRINTED - 1 };
  }

  /** The row that is being read: the one in the upper part of the screen. */
  get current(): ReadonlySignal<number> {
    return this.#current;
  }

  /** The measured height, for a row that has not its form yet; null when it was never seen. */
  knownHeight(index: number): number | null {
    return this.#heights.knownOf(index);
  }

  get estimate(): number {
    return this.#heights.estimate;
  }

  /** Begins to follow the page. @returns what ends it */
  attach(box: HTMLElement, rows: HTMLElement): () => void {
    this.#box = box;
    this.#rows.box = rows;
    this.#width = box.clientWidth;
    const controller = new AbortController();
    const { signal: ended } = controller;
    addEventListener("scroll", () => this.#onScroll(), { passive: true, signal: ended });
    addEventListener("resize", () => this.#place(), { signal: ended });
    addEventListener("beforeprint", () => this.#print(this.printable), { signal: ended });
    addEventListener("afterprint", () => this.#print(null), { signal: ended });
    this.#observer = new ResizeObserver((entries) => this.#onResize(entries));
    this.#observer.observe(box);
    if (box.parentElement) this.#observer.observe(box.parentElement);
    this.#goTo(this.#start);
    return () => {
      controller.abort();
      this.#observer?.disconnect();
      this.#observer = null;
      clearTimeout(this.#idle);
      if (this.#frame !== null) cancelAnimationFrame(this.#frame);
      this.#frame = null;
      this.#box = null;
      this.#rows.box = null;
    };
  }

  resize(length: number): void {
    if (length === this.#heights.length) return;
    this.#heights.resize(length);
    // Who reads is not pulled along by what arrives.
    if (this.#anchor.at === "end" && !this.#sticks && this.#box) this.#anchor = this.#anchorHere(0);
    this.#update(PER_FRAME);
  }

  /** After the rows of `rendered` are in the page: measures them and puts them in their place. */
  settleRows(): void {
    for (const row of this.#rows.all()) this.#measure(row);
    this.#place();
    if (this.#toFocus !== null) this.#focus(this.#toFocus);
  }

  /** Brings a row to the upper part of the screen, keeps it there until the person scrolls, and focuses it if asked. */
  show(index: number, options: { focus?: boolean } = {}): void {
    const row = Math.max(0, Math.min(index, this.#heights.length - 1));
    this.#toFocus = options.focus ? row : null;
    this.#goTo({ at: "row", index: row });
  }

  /** The row that has the focus, or null. */
  get focused(): number | null {
    return this.#rows.focused;
  }

  /** The next row in a direction that shows something, or is not in the page; null at the ends. */
  rowBeside(index: number, step: 1 | -1): number | null {
    let row = index + step;
    while (this.#rows.isSilent(row)) row += step;
    return row >= 0 && row < this.#heights.length ? row : null;
  }

  /** Gives the focus to the newest message. */
  focusLast(): void {
    const row = this.rowBeside(this.#heights.length, -1);
    if (row === null) return;
    const box = this.elementOf(row)?.getBoundingClientRect();
    if (box && box.bottom > insetOf() && box.top < innerHeight) this.#focus(row);
    else this.show(row, { focus: true });
  }

  toTop(): void {
    this.#goTo({ at: "top" });
  }

  toEnd(): void {
    this.#goTo({ at: "end" });
  }

  /** Where one is, to come back to it. */
  get place(): Start & { readonly top?: number } {
    return this.#anchor;
  }

  restore(place: Start & { readonly top?: number }): void {
    this.#goTo(place);
  }

  /** What holds the rows, while it is in the page. */
  get element(): HTMLElement | null {
    return this.#rows.box;
  }

  /** The element of a row, if it stands in the page. */
  elementOf(index: number): HTMLElement | null {
    return this.#rows.at(index);
  }

  #focus(index: number): void {
    const inside = this.#rows.focusable(index);
    if (!inside) return;
    this.#toFocus = null;
    inside.focus({ preventScroll: true });
  }

  #firstRendered(): Rendered {
    const { length } = this.#heights;
    const middle = this.#start.at === "row" ? this.#start.index : this.#start.at === "end" ? length - 1 : 0;
    const rows = Math.ceil((innerHeight + MARGIN) / ESTIMATE);
    const range =
      length <= WHOLE
        ? { first: 0, last: length - 1, held: null }
        : { first: Math.max(0, middle - rows), last: Math.min(length - 1, middle + rows), held: null };
    const near = { first: middle - rows, last: middle + rows };
    return { ...range, formed: form({ before: new Set(), range, near, middle, budget: AT_ONCE }).formed };
  }

  #goTo(place: Start & { readonly top?: number }): void {
    this.#start = place;
    this.#heights.learn();
    if (place.at === "row") this.#anchor = { at: "row", index: place.index, top: place.top ?? this.#restingTop() };
    else this.#anchor = place;
    if (!this.#box) return;
    clearTimeout(this.#idle);
    this.#moving = false;
    if (place.at === "row") {
      const top = this.#anchor.at === "row" ? this.#anchor.top : 0;
      const offset = this.#heights.offsetOf(place.index) - top;
      this.#putPage(offset);
    } else if (place.at === "top") {
      this.#drift = 0;
      this.#scrollTo(0);
    } else {
      this.#toPageEnd();
    }
    this.#update(AT_ONCE);
    this.#place();
    if (this.#toFocus !== null) this.#focus(this.#toFocus);
  }

  /** Where a row rests that was jumped to: below what stands above the text, with a little of what came before. */
  #restingTop(): number {
    return insetOf() + Math.min(80, innerHeight * 0.08);
  }

  #onScroll(): void {
    const { scrollY } = window;
    const moved = Math.abs(scrollY - this.#lastY);
    this.#lastY = scrollY;
    this.#look();
    if (this.#putAt !== null && Math.abs(scrollY - this.#putAt) <= 1) return;
    this.#putAt = null;
    this.#moving = true;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#rest(), IDLE);
    // The scroll bar was dragged, or a key has gone to an end: nobody follows a row over that distance.
    if (moved > 3 * innerHeight) this.#drift = listOffset(this.#page(), this.#heights.total) - this.#page();
    this.#anchor = this.#anchorHere(this.#sticks ? NEAR : AT_END);
    this.#update(PER_FRAME);
    if (this.#touchesEdge()) this.#settle();
  }

  #rest(): void {
    this.#moving = false;
    this.#place();
  }

  #look(): void {
    this.#atEnd.value = innerHeight + scrollY >= document.documentElement.scrollHeight - NEAR;
    this.#current.value = this.#heights.indexAt(this.#offset() + this.#restingTop() + 4);
  }

  /** `near`: how far from the end of the page still counts as its end; 0 for not at all. */
  #anchorHere(near: number): Anchor {
    const atEnd = near > 0 && innerHeight + scrollY >= document.documentElement.scrollHeight - near;
    // What fits the screen is at both: a conversation that goes on is followed.
    if (scrollY <= 0 && !(atEnd && this.#sticks)) return { at: "top" };
    if (atEnd) return { at: "end" };
    const offset = this.#offset();
    const index = this.#heights.indexAt(offset + insetOf());
    const element = this.elementOf(index);
    const top = element ? element.getBoundingClientRect().top : this.#heights.offsetOf(index) - offset;
    return { at: "row", index, top };
  }

  /** How far the upper edge of the window is below the list's upper edge, on the page. */
  #page(): number {
    return this.#box ? -this.#box.getBoundingClientRect().top : 0;
  }

  /** What of the list is at the upper edge of the window. */
  #offset(): number {
    return this.#page() + this.#drift;
  }

  /** Chooses the rows that stand in the page; the list renders them, and then calls `settleRows`. */
  #update(budget: number): void {
    if (!this.#box) return;
    const { length } = this.#heights;
    const offset = Math.round(this.#offset() / STEP) * STEP;
    const near = {
      first: this.#heights.indexAt(offset - MARGIN),
      last: this.#heights.indexAt(offset + innerHeight + MARGIN),
    };
    const printed = this.#printed.value;
    const whole = printed ?? (length <= WHOLE ? { first: 0, last: length - 1 } : null);
    const range = whole ? { ...whole, held: null } : this.#rows.keeping(near);
    const middle = this.#heights.indexAt(offset + innerHeight / 2);
    const { formed, waiting } = form({
      before: this.#rendered.value.formed,
      range,
      near: printed ?? near,
      middle,
      budget: printed ? PRINTED : budget,
    });
    const next = { ...range, formed };
    if (!sameRendered(next, this.#rendered.value)) this.#rendered.value = next;
    if (waiting || this.#rounds > 0) this.#updateLater();
  }

  #updateLater(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      this.#rounds = 0;
      this.#update(PER_FRAME);
    });
  }

  #measure(row: HTMLElement): boolean {
    this.#observer?.observe(row);
    // What is not here yet has a height that somebody guessed.
    if (row.dataset.missing !== undefined) return false;
    return this.#heights.set(Number(row.dataset.row), row.getBoundingClientRect().height);
  }

  #onResize(entries: readonly ResizeObserverEntry[]): void {
    if (!this.#box) return;
    for (const { target } of entries) {
      if (target instanceof HTMLElement && target.dataset.row !== undefined && !target.isConnected) {
        this.#observer?.unobserve(target);
      }
    }
    if (this.#box.clientWidth !== this.#width) {
      this.#width = this.#box.clientWidth;
      this.#heights.forget();
    }
    this.settleRows();
  }

  /** Puts the rows where they belong, without anything moving on the screen. */
  #place(): void {
    if (!this.#box) return;
    // The page tells of scrolling a little later than it scrolls.
    if (Math.abs(scrollY - this.#lastY) > 1) this.#onScroll();
    this.#layOut();
    if (this.#anchor.at === "end") {
      this.#toPageEnd();
    } else if (this.#anchor.at === "row") {
      this.#hold(this.#anchor);
    }
    this.#look();
    this.#rounds += 1;
    // Rows that each change what the other ones need would hold the page up for ever.
    if (this.#rounds > ROUNDS) this.#updateLater();
    else this.#update(PER_FRAME);
  }

  #hold({ index, top }: { index: number; top: number }): void {
    const element = this.elementOf(index);
    const now = element ? element.getBoundingClientRect().top : this.#heights.offsetOf(index) - this.#offset();
    if (Math.abs(now - top) > 0.5) {
      this.#drift += now - top;
      this.#layOut();
    }
    if (!this.#moving || this.#touchesEdge()) this.#settle();
  }

  /** Whether the screen is so near an end of the list, or of the page, that a drift would show. */
  #touchesEdge(): boolean {
    if (this.#drift === 0) return false;
    const { total } = this.#heights;
    const page = this.#page();
    const offset = page + this.#drift;
    const screen = innerHeight;
    return Math.min(page, offset) < 300 || page + screen > extentOf(total) - 300 || offset + screen > total - 300;
  }

  /** Moves page and rows together, so that the scroll bar tells the truth again. */
  #settle(): void {
    const offset = this.#offset();
    if (Math.abs(pageOffset(offset, this.#heights.total) - this.#page()) < 0.5) return;
    this.#putPage(offset);
    this.#layOut();
  }

  /** Scrolls so that this offset of the list is at the upper edge of the window. */
  #putPage(offset: number): void {
    const before = this.#page();
    const page = pageOffset(offset, this.#heights.total);
    if (this.#box) this.#box.style.height = `${extentOf(this.#heights.total)}px`;
    this.#drift = offset - page;
    this.#scrollTo(scrollY + page - before);
  }

  #toPageEnd(): void {
    const { total } = this.#heights;
    this.#drift = total - extentOf(total);
    this.#layOut();
    this.#scrollTo(document.documentElement.scrollHeight);
  }

  #scrollTo(y: number): void {
    if (Math.abs(y - scrollY) < 0.5) return;
    scrollTo({ top: y, behavior: "instant" });
    this.#putAt = scrollY;
    this.#lastY = scrollY;
  }

  #layOut(): void {
    const rows = this.#rows.box;
    if (!this.#box || !rows) return;
    const { first, held, last } = this.#rendered.value;
    const top = this.#heights.offsetOf(first) - this.#drift;
    this.#box.style.height = `${extentOf(this.#heights.total)}px`;
    rows.style.top = `${top}px`;
    if (held === null || (held >= first && held <= last)) return;
    const element = this.elementOf(held);
    if (element) element.style.top = `${this.#heights.offsetOf(held) - this.#drift - top}px`;
  }

  #print(range: RowRange | null): void {
    this.#printed.value = range;
    this.#update(PER_FRAME);
  }
}

function anchorOf(start: Start): Anchor {
  return start.at === "row" ? { ...start, top: 0 } : start;
}

/** What stands above the text at the upper edge of the window. CSS pixels. */
function insetOf(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0;
}
