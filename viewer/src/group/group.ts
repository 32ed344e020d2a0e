import { type MessageId, messageText, type Person, type RoomMessage } from "@openmates-share/client";
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { toast } from "../app/toasts.tsx";
import type { RoomModel } from "../chat/room-model.ts";
import { excerpt } from "../chat/speaker.ts";
import type { ListView } from "../list/list-view.ts";
import { mentionsMe } from "./mentions-me.ts";
import type { News } from "./notification-text.ts";
import { Notifier } from "./notifier.ts";
import { lastOnScreen } from "./on-screen.ts";
import { isRead, seenBy } from "./seen-by.ts";
import { markTab } from "./tab.ts";
import { Unread } from "./unread.ts";

/** The words of a message in a notification. */
const TOLD = 140;

/** What a chat is to somebody who writes in it: what is new to them, and how they are told. */
export class Group {
  readonly model: RoomModel;
  readonly view: ListView;
  /** Who has read up to which message, by its number. */
  readonly seen: ReadonlySignal<ReadonlyMap<number, readonly Person[]>>;
  /** Null until it is known how far there is anything. */
  readonly unread: ReadonlySignal<Unread | null>;
  readonly #unread = signal<Unread | null>(null);
  readonly #hidden = signal(document.visibilityState !== "visible");
  readonly #notifier: Notifier;
  #loaded: readonly RoomMessage[] | null = null;
  /** The last message that is no news any more. */
  #known = 0;
  #frame: number | null = null;
  /** Whether the person has written since the screen was looked at last. */
  #answered = false;
  #pending = 0;
  /** Until the screen was looked at once. */
  #first = true;

  constructor(options: { model: RoomModel; view: ListView }) {
    const { model, view } = options;
    this.model = model;
    this.view = view;
    this.unread = this.#unread;
    this.seen = computed(() => seenBy({ people: model.people.value, messages: model.messages.value, me: model.me }));
    this.#notifier = new Notifier({
      chat: model.room.chat,
      title: () => model.state.peek().title,
      open: (id) => model.jumpTo?.(id as MessageId),
    });
  }

  /** Follows the chat and the screen. @returns what ends it */
  start(): () => void {
    const controller = new AbortController();
    const { signal: ended } = controller;
    addEventListener("scroll", () => this.#lookSoon(), { passive: true, signal: ended });
    addEventListener("resize", () => this.#lookSoon(), { signal: ended });
    document.addEventListener("visibilitychange", () => this.#turned(), { signal: ended });
    this.#notifier.setVisible(!this.#hidden.peek());
    const stops = [
      effect(() => this.#take()),
      effect(() => this.#giveUp()),
      effect(() => markTab(this.#hidden.value ? (this.#unread.value?.count.value ?? 0) : 0)),
    ];
    return () => {
      controller.abort();
      for (const stop of stops) stop();
      if (this.#frame !== null) cancelAnimationFrame(this.#frame);
      this.#frame = null;
      this.#notifier.stop();
      markTab(0);
    };
  }

  /** To the first message that is new, or to the end when that one is on the screen or above it. */
  toNew(): void {
    const line = this.#unread.peek()?.line.peek() ?? null;
    const top = line === null ? null : this.view.elementOf(line - 1)?.getBoundingClientRect().top;
    if (line !== null && (top == null ? line - 1 > this.view.current.peek() : top > this.#bottom)) {
      this.view.show(line - 1);
    } else this.view.toEnd();
  }

  get #bottom(): number {
    return document.querySelector(".writing")?.getBoundingClientRect().top ?? innerHeight;
  }

  #take(): void {
    const { complete, messages, readThrough } = this.model.state.value;
    const pending = this.model.writtenHere.value;
    if (pending > this.#pending) this.#answered = true;
    this.#pending = pending;
    this.#lookSoon();
    this.#unread.peek()?.readElsewhere(readThrough);
    // Somebody types, or an answer grows: that is no news.
    if (!complete || messages.loaded === this.#loaded) return;
    this.#loaded = messages.loaded;
    const first = this.#unread.peek() === null;
    // Somebody who comes for the first time has missed nothing.
    const unread = this.#unread.peek() ?? new Unread(readThrough === 0 ? messages.through : readThrough);
    const { me } = this.model;
    unread.take(
      messages.loaded.map((message) => ({ seq: message.seq, counts: isRead(message) && message.sender !== me })),
    );
    if (first) this.#unread.value = unread;
    const news = first ? [] : messages.loaded.filter(({ seq }) => seq > this.#known);
    this.#known = messages.through;
    // What came while nobody looked is new, also when it is seen at once now.
    if (first || this.#hidden.peek()) unread.draw();
    if (this.#hidden.peek()) this.#tell(news, unread);
  }

  /** A change that the server refused, now or before a reload, is said and forgotten: the message stands as it was. */
  #giveUp(): void {
    for (const { id, state } of this.model.amending.value) {
      if (state === "waiting") continue;
      toast(state.refused);
      this.model.room.discardPending(id);
    }
  }

  #tell(messages: readonly RoomMessage[], unread: Unread): void {
    const news = messages.filter((one) => isRead(one) && one.sender !== this.model.me).map((one) => this.#newsOf(one));
    if (news.length > 0) this.#notifier.tell(news, unread.count.peek()).catch(reportError);
  }

  #newsOf(message: RoomMessage): News {
    const { model } = this;
    const { text, replyTo } = wordsIn(message);
    const answered = replyTo === null ? undefined : model.find(replyTo);
    const mine = model.people.peek().find(({ sender }) => sender === model.me)?.name;
    const kind =
      mine && mentionsMe(text, mine) ? "mention" : answered && answered.sender === model.me ? "reply" : "message";
    const [who = ""] = model.quoteOf(message, () => "").split(":");
    return { kind, id: message.id, who, words: excerpt(text, TOLD) };
  }

  #turned(): void {
    const hidden = document.visibilityState !== "visible";
    this.#hidden.value = hidden;
    this.#notifier.setVisible(!hidden);
    const unread = this.#unread.peek();
    if (hidden) unread?.forget();
    else {
      const line = unread?.line.peek() ?? null;
      // It went on while nobody looked: one goes on reading where one was.
      if (line !== null && unread && unread.count.peek() > 0 && line - 1 < this.view.current.peek()) {
        this.view.show(line - 1);
      }
      this.#lookSoon();
    }
  }

  /** Once what has arrived is drawn. */
  #lookSoon(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = requestAnimationFrame(() => {
        this.#frame = null;
        this.#look();
      });
    });
  }

  #look(): void {
    const unread = this.#unread.peek();
    if (!unread || document.visibilityState !== "visible") return;
    const seq = this.view.atEnd.peek() ? this.model.window.peek().through : lastOnScreen(this.view, this.#bottom);
    // All there is fits the screen: from here on the end is followed.
    if (this.#first && this.view.atEnd.peek()) this.view.toEnd();
    this.#first = false;
    if (seq !== null) unread.read(seq);
    this.model.room.markRead(unread.readThrough.peek());
    unread.draw();
    if (this.#answered) unread.forget();
    this.#answered = false;
  }
}

function wordsIn({ body }: RoomMessage): { text: string; replyTo: MessageId | null } {
  if (body.type === "reply") return { text: body.reply.text, replyTo: body.reply.replyTo };
  if (body.type !== "content" || body.content.type !== "message") return { text: "", replyTo: null };
  return { text: messageText(body.content), replyTo: body.content.replyTo };
}
