import { type ChatId, newId, type Preview } from "@openmates-share/protocol/wire";
import { cardOf } from "./card.ts";
import { previewPage } from "./page.ts";

/** What goes with a page, beside what every answer carries. */
export const PAGE_HEADERS = {
  "cache-control": "no-store",
  "x-robots-tag": "noindex, nofollow, noarchive",
  "content-type": "text/html; charset=utf-8",
} as const;

/** Pages of cards that are in use: each card is one chat's, and as long as it is kept, so is its page. */
const pages = new WeakMap<Preview, { readonly url: string; readonly page: Buffer }>();

/** The page of a chat: with its card, or the one that chats without a card have, and all that are none. */
export function chatPage(options: { chat: ChatId; preview: Preview | null; publicUrl: string }): Buffer {
  const { chat, preview, publicUrl } = options;
  if (preview === null) return genericPage(publicUrl, chat);
  const url = `${publicUrl}/share/chat/${chat}`;
  const known = pages.get(preview);
  if (known?.url === url) return known.page;
  const page = Buffer.from(previewPage({ card: cardOf({ subject: "chat", preview, publicUrl }), url }));
  pages.set(preview, { url, page });
  return page;
}

/** Stands in the generic page for the chat's id, which is all that differs, and as long. */
const PLACE = newId<ChatId>();
let generic: { readonly publicUrl: string; readonly page: Buffer; readonly places: readonly number[] } | null = null;

function genericPage(publicUrl: string, chat: ChatId): Buffer {
  if (generic?.publicUrl !== publicUrl) {
    const card = cardOf({ subject: "chat", preview: null, publicUrl });
    const page = Buffer.from(previewPage({ card, url: `${publicUrl}/share/chat/${PLACE}` }));
    generic = { publicUrl, page, places: placesOf(PLACE, page) };
  }
  const page = Buffer.from(generic.page);
  for (const place of generic.places) page.write(chat, place, "latin1");
  return page;
}

function placesOf(text: string, page: Buffer): readonly number[] {
  const places: number[] = [];
  for (let at = page.indexOf(text); at >= 0; at = page.indexOf(text, at + text.length)) places.push(at);
  return places;
}
