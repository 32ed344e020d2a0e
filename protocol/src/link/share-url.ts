import { type Bytes, fromBase64url, toBase64url } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import { type ChatId, type EmbedId, isId, type MessageId } from "../wire/ids.ts";
import { LIMITS } from "../wire/limits.ts";

/** A link, taken apart. */
export interface ShareLink {
  readonly subject: { readonly type: "chat"; readonly id: ChatId } | { readonly type: "embed"; readonly id: EmbedId };
  /** 32 bytes. */
  readonly key: Bytes;
  /** Where to scroll. */
  readonly message: MessageId | null;
}

/** The link to send: previews can be made of its path, and the fragment stays in the browser. */
export function shareUrl(origin: string, { subject, key, message }: ShareLink): string {
  const scroll = message ? `&message=${message}` : "";
  return `${origin.replace(/\/+$/, "")}/share/${subject.type}/${subject.id}#key=${toBase64url(key)}${scroll}`;
}

/** The same in the app's own form. */
export function appUrl(origin: string, { subject, key, message }: ShareLink): string {
  const scroll = message ? `&message=${message}` : "";
  return `${origin.replace(/\/+$/, "")}/#${subject.type}-id=${subject.id}&key=${toBase64url(key)}${scroll}`;
}

/**
 * Reads a link in either form, with what mail programs and trackers do to them: `&amp;` for `&`, parameters added
 * before or in the fragment, white space and angle brackets around it (SPEC section 10).
 *
 * @throws ProtocolError `malformed`, with a sentence that says which part is missing and never quotes the link.
 */
export function parseShareUrl(text: string): ShareLink {
  const url = toUrl(text);
  const fragment = new URLSearchParams(url.hash.slice(1).replaceAll("&amp;", "&"));
  const subject = readSubject(url, fragment);
  const key = readKey(fragment.get("key"));
  const message = fragment.get("message");
  return { subject, key, message: isId(message) ? (message as MessageId) : null };
}

/** Whether a URL is a share link of this server, key or not; for those who may not see the key (R10). */
export function subjectOfUrl(url: URL): ShareLink["subject"] | null {
  const match = /\/share\/(chat|embed)\/([^/]+)\/?$/.exec(url.pathname);
  return match ? toSubject(match[1], match[2]) : null;
}

function toUrl(text: string): URL {
  try {
    return new URL(text.trim().replace(/^<|>$/g, "").replaceAll("&amp;", "&"));
  } catch {
    // Not passed on as the cause: the error of URL quotes its input, and with it the key.
    throw new ProtocolError("malformed", "This is not a link.");
  }
}

function readSubject(url: URL, fragment: URLSearchParams): ShareLink["subject"] {
  const chat = toSubject("chat", fragment.get("chat-id"));
  const embed = toSubject("embed", fragment.get("embed-id"));
  const subject = subjectOfUrl(url) ?? chat ?? embed;
  if (subject) return subject;
  throw new ProtocolError("malformed", "This link does not name a chat. Please check that it was copied whole.");
}

function toSubject(type: unknown, id: unknown): ShareLink["subject"] | null {
  if (!isId(id)) return null;
  if (type === "chat") return { type, id: id as ChatId };
  if (type === "embed") return { type, id: id as EmbedId };
  return null;
}

function readKey(text: string | null): Bytes {
  if (!text) {
    throw new ProtocolError("malformed", "This link has lost its key (the part after #). Please ask for it again.");
  }
  const key = text.length === LIMITS.linkKeyCharacters ? fromBase64url(text) : null;
  if (key?.length === 32) return key;
  throw new ProtocolError("malformed", "The key in this link is damaged. Please check that it was copied whole.");
}
