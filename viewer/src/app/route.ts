import {
  type ChatId,
  type EmbedId,
  type MessageId,
  ProtocolError,
  parseShareUrl,
  type ShareLink,
} from "@openmates-share/client";

/** What Google puts into the address; without a code it was called off there. */
export interface GoogleReturn {
  readonly state: string;
  readonly code: string | null;
}

/** Which screen an address asks for. */
export type Route =
  | { readonly screen: "home" }
  | { readonly screen: "import" }
  /** `back` when Google has just sent somebody back. */
  | { readonly screen: "account"; readonly back: GoogleReturn | null }
  | { readonly screen: "draft"; readonly id: string }
  /** `link` when the address carried a key; else the key is looked up on this device. */
  | {
      readonly screen: "chat";
      readonly chat: ChatId;
      readonly link: ShareLink | null;
      readonly message: MessageId | null;
    }
  | { readonly screen: "embed"; readonly embed: EmbedId; readonly link: ShareLink | null }
  /** `sentence` says what is wrong with the link and never quotes it. */
  | { readonly screen: "damaged"; readonly sentence: string };

export interface Address {
  readonly route: Route;
  /** The fragment that may stay in the address bar and the history: without any key. */
  readonly fragment: string;
}

const ID = /^[A-Za-z0-9_-]{22}$/;

/** Reads an address of the app; the fragment may have been through mail programs and trackers. */
export function readAddress(href: string): Address {
  const url = new URL(href);
  const parameters = new URLSearchParams(url.hash.slice(1).replaceAll("&amp;", "&"));
  if (parameters.has("chat-id") || parameters.has("embed-id") || parameters.has("key")) {
    return readLink(href, parameters);
  }
  if (parameters.has("import")) return { route: { screen: "import" }, fragment: "#import" };
  const back = readGoogleReturn(url.searchParams);
  if (back || parameters.has("account")) return { route: { screen: "account", back }, fragment: "#account" };
  const draft = parameters.get("draft");
  if (draft !== null && ID.test(draft)) return { route: { screen: "draft", id: draft }, fragment: `#draft=${draft}` };
  return { route: { screen: "home" }, fragment: "" };
}

function readGoogleReturn(query: URLSearchParams): GoogleReturn | null {
  const state = query.get("state");
  if (state === null || !(query.has("code") || query.has("error"))) return null;
  return { state, code: query.get("code") };
}

export function chatFragment(chat: ChatId, message?: MessageId | null): string {
  return message ? `#chat-id=${chat}&message=${message}` : `#chat-id=${chat}`;
}

export function embedFragment(embed: EmbedId): string {
  return `#embed-id=${embed}`;
}

function readLink(href: string, parameters: URLSearchParams): Address {
  const chat = readId<ChatId>(parameters.get("chat-id"));
  const message = readId<MessageId>(parameters.get("message"));
  const embed = readId<EmbedId>(parameters.get("embed-id"));
  const fragment = chat ? chatFragment(chat, message) : embed ? embedFragment(embed) : "";
  if (embed && !parameters.has("key")) return { route: { screen: "embed", embed, link: null }, fragment };
  if (chat && !parameters.has("key")) return { route: { screen: "chat", chat, link: null, message }, fragment };
  try {
    const link = parseShareUrl(href);
    if (link.subject.type === "embed") {
      return { route: { screen: "embed", embed: link.subject.id, link }, fragment: embedFragment(link.subject.id) };
    }
    return { route: { screen: "chat", chat: link.subject.id, link, message: link.message }, fragment };
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return { route: { screen: "damaged", sentence: error.message }, fragment };
  }
}

/** The brand says which id the parameter names; the shape is what can be checked. */
function readId<T extends string>(text: string | null): T | null {
  return text !== null && ID.test(text) ? (text as T) : null;
}
