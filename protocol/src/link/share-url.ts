import { type Bytes, fromBase64url, toBase64url } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import { type ChatId, type EmbedId, isId, type MessageId } from "../wire/ids.ts";
import { LIMITS } from "../wire/limits.ts";
import { requireLinkKey } from "./link-key.ts";

/** A link, taken apart. */
export interface ShareLink {
  readonly subject: { readonly type: "chat"; readonly id: ChatId } | { readonly type: "embed"; readonly id: EmbedId };
  /** 32 bytes. */
  readonly key: Bytes;
  /** Where to scroll. */
  readonly message: MessageId | null;
}

/**
 * The link to send: previews can be made of its path, and the fragment stays in the browser.
 *
 * @throws ProtocolError `malformed` unless the key has 32 bytes.
 */
export function shareUrl(origin: string, link: ShareLink): string {
  const { type, id } = link.subject;
  return `${withoutSlash(origin)}/share/${type}/${id}#${keyAndMessage(link)}`;
}

/** The same in the app's own form. @throws ProtocolError `malformed` unless the key has 32 bytes. */
export function appUrl(origin: string, link: ShareLink): string {
  const { type, id } = link.subject;
  return `${withoutSlash(origin)}/#${type}-id=${id}&${keyAndMessage(link)}`;
}

/**
 * Reads a link in either form, with what people, mail programs and trackers do to them: `&amp;` for `&`, parameters
 * added in front of the fragment or in it, punctuation behind it, white space and angle brackets around it (SPEC
 * section 10). On which server the chat is, the caller reads from the URL itself.
 *
 * @throws ProtocolError `too_large`, or `malformed` with a sentence that says which part is missing or stands there
 * twice. None quotes the link.
 */
export function parseShareUrl(text: string): ShareLink {
  if (text.length > LIMITS.shareUrlCharacters) throw new ProtocolError("too_large", "This link is too long.");
  const url = toUrl(text);
  const fragment = readFragment(url.hash);
  const subject = readSubject(url, fragment);
  const key = readKey(only(fragment.getAll("key")));
  const message = fragment.get("message");
  return { subject, key, message: isId(message) ? (message as MessageId) : null };
}

/**
 * What a URL shares, if its path is that of a share link, key or not; for those who may not see the key (R10).
 * On which server is for the caller to check.
 */
export function subjectOfUrl(url: URL): ShareLink["subject"] | null {
  const match = /\/share\/(chat|embed)\/([^/]+)\/?$/.exec(url.pathname);
  return match ? toSubject(match[1], match[2]) : null;
}

function keyAndMessage({ key, message }: ShareLink): string {
  requireLinkKey(key);
  return `key=${toBase64url(key)}${message ? `&message=${message}` : ""}`;
}

function withoutSlash(origin: string): string {
  let end = origin.length;
  while (origin[end - 1] === "/") end--;
  return origin.slice(0, end);
}

/** No character of these belongs to the end of a link; they come from the sentence or the mark-up around it. */
const BEHIND = new Set(".,;:!?)]}>'\"*|\u{2019}\u{201d}\u{bb}\u{3002}\u{ff0c}");

function toUrl(text: string): URL {
  const trimmed = text.trim();
  let end = trimmed.length;
  while (BEHIND.has(trimmed.charAt(end - 1))) end--;
  try {
    return new URL(trimmed.slice(trimmed.startsWith("<") ? 1 : 0, end).replaceAll("&amp;", "&"));
  } catch {
    // Not passed on as the cause: the error of URL quotes its input, and with it the key.
    throw new ProtocolError("malformed", "This is not a link.");
  }
}

/** Trackers add `?name=value` behind the fragment as if it were none, and browsers `:~:text=…`. */
function readFragment(hash: string): URLSearchParams {
  const [ours = ""] = hash.slice(1).split(":~:");
  return new URLSearchParams(ours.replaceAll("?", "&"));
}

function readSubject(url: URL, fragment: URLSearchParams): ShareLink["subject"] {
  const named = [
    subjectOfUrl(url),
    ...fragment.getAll("chat-id").map((id) => toSubject("chat", id)),
    ...fragment.getAll("embed-id").map((id) => toSubject("embed", id)),
  ].filter((subject) => subject !== null);
  const [subject, ...others] = named;
  if (!subject) {
    throw new ProtocolError("malformed", "This link does not name a chat. Please check that it was copied whole.");
  }
  if (others.some(({ type, id }) => type !== subject.type || id !== subject.id)) throw contradiction();
  return subject;
}

/** The same value twice is a copying accident; two values are a choice that nobody here may make (R3). */
function only(values: readonly string[]): string | null {
  const [first = null, ...others] = values;
  if (others.some((other) => other !== first)) throw contradiction();
  return first;
}

function contradiction(): ProtocolError {
  return new ProtocolError("malformed", "This link says two different things. Please ask for it again.");
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
