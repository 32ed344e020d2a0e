import type { ChatId } from "@openmates-share/client";
import { foremost, type News, notificationText } from "./notification-text.ts";
import { notifyLevel, notifyPermission, notifyText } from "./notify-settings.ts";

/** Tells somebody who looks elsewhere what is new in a chat. One notification a chat, which the next one replaces. */
export class Notifier {
  readonly #chat: ChatId;
  readonly #title: () => string;
  readonly #open: (id: string) => void;
  #shown: { readonly notification: Notification; readonly news: News } | null = null;
  /** Lets go of what says that the chat is on the screen in this tab. */
  #leave: (() => void) | null = null;
  #stopped = false;

  /** `open` is called when somebody presses a notification, with the message it was about. */
  constructor(options: { chat: ChatId; title: () => string; open: (id: string) => void }) {
    this.#chat = options.chat;
    this.#title = options.title;
    this.#open = options.open;
  }

  /** `count`: how many are new in all. Nothing happens for who has not asked for it, or has the chat on the screen. */
  async tell(news: readonly News[], count: number): Promise<void> {
    const { value: level } = notifyLevel;
    if (level === "off" || notifyPermission() !== "granted") return;
    const wanted = level === "all" ? news : news.filter(({ kind }) => kind !== "message");
    const first = foremost(this.#shown ? [this.#shown.news, ...wanted] : wanted);
    if (wanted.length === 0 || !first || (await this.#isSeen())) return;
    this.#show(first, count);
  }

  /** The chat is on the screen, or no longer: also other tabs that have it open keep still meanwhile. */
  setVisible(visible: boolean): void {
    this.#leave?.();
    this.#leave = null;
    if (!visible || this.#stopped) return;
    this.#clear();
    const left = new Promise<void>((resolve) => {
      this.#leave = resolve;
    });
    navigator.locks.request(this.#lock, { mode: "shared" }, () => left).catch(reportError);
  }

  stop(): void {
    this.#stopped = true;
    this.#leave?.();
    this.#leave = null;
    this.#clear();
  }

  get #lock(): string {
    return `openmates-share seen ${this.#chat}`;
  }

  async #isSeen(): Promise<boolean> {
    if (this.#stopped || document.visibilityState === "visible") return true;
    const { held = [] } = await navigator.locks.query();
    return held.some(({ name }) => name === this.#lock);
  }

  #show(news: News, count: number): void {
    const { title, body } = notificationText({ news, count, title: this.#title(), text: notifyText.value });
    try {
      const notification = new Notification(title, { body, tag: this.#lock, icon: "/favicon.svg" });
      notification.onclick = () => {
        focus();
        notification.close();
        this.#open(news.id);
      };
      this.#shown = { notification, news };
    } catch {
      // Some browsers on phones show none that a page makes; the tab tells it all the same.
    }
  }

  #clear(): void {
    this.#shown?.notification.close();
    this.#shown = null;
  }
}
