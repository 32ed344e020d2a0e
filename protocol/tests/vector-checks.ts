import { asksMate, type TextOrigin } from "../src/content/asks-mate.ts";
import { encodeContent, parseContent } from "../src/content/content.ts";
import {
  checkNoRollback,
  checkSeal,
  claimSender,
  deriveKeyringKey,
  followSuccessions,
  givenHash,
  KEYRING_USE,
  type KeyringUse,
  keyringSalt,
  loadChatKey,
  loadIdentity,
  openBequest,
  openDelta,
  openKeyring,
  openLinkLabel,
  openMessage,
  openReply,
  openReplyStream,
  openSeal,
  replyEnvelope,
  safetyNumber,
  senderIdOf,
  unwrapChatKey,
  unwrapReplyKey,
} from "../src/crypto/index.ts";
import {
  chunkCount,
  digestEmbed,
  type EmbedSource,
  loadEmbedContent,
  loadEmbedKey,
  openChunk,
  openEmbedHeader,
  readChunk,
  sealChunk,
  sealedSize,
  unwrapEmbedKey,
} from "../src/embed/index.ts";
import { openAncestor, openCopy, parseOrigin } from "../src/fork/index.ts";
import { deriveWrapKey, identifyLink, parseShareUrl, viewTicket } from "../src/link/index.ts";
import { pad, padme, unpad } from "../src/padding.ts";
import { sha256, verify } from "../src/primitives.ts";
import {
  type AskId,
  appendToTranscript,
  type Bytes,
  bearerOfLink,
  type ChatId,
  type ContextEntry,
  checkClaim,
  claimedBytes,
  type EmbedId,
  emptyTranscript,
  fromBase64url,
  idBytes,
  type LinkId,
  type MessageId,
  type Position,
  ProtocolError,
  parseId,
  parseLinkBearer,
  parseTombstone,
  SESSION_PREFIX,
  type SenderId,
  type StreamId,
  splitSenderClaim,
  toBase64url,
  tombstoneOf,
} from "../src/wire/index.ts";

/** One case of a file in `vectors/`: what goes in, and what must come of it. */
export interface Vector {
  readonly rule: string;
  readonly name: string;
  /** The code that it must be refused with. */
  readonly error?: string | null;
  readonly reason?: string | null;
  readonly [field: string]: unknown;
}

/** What takes a whole client to read is read there: `client/src/kept/kept-vectors.test.ts`. */
export const READ_ELSEWHERE: ReadonlySet<string> = new Set(["kept-chats.json"]);

export type VectorFile = Readonly<Record<string, readonly Vector[]>>;

/** What is to be read from a vector, and what must come out of it. */
interface Reading {
  readonly got: unknown;
  readonly expected: unknown;
}

const text = (vector: Vector, field: string) => String(vector[field]);
const number = (vector: Vector, field: string) => Number(vector[field]);

function bytes(vector: Vector, field: string): Bytes {
  return bytesOf(text(vector, field));
}

function bytesOf(base64url: string): Bytes {
  const read = fromBase64url(base64url);
  if (!read) throw new Error("the vector itself is no base64url");
  return read;
}

const chatOf = (vector: Vector) => text(vector, "chat") as ChatId;
const hex = (read: Bytes | null) => read && [...read].map((byte) => byte.toString(16).padStart(2, "0")).join("");

function chatKeyOf(vector: Vector) {
  return loadChatKey({ chat: chatOf(vector), epoch: number(vector, "epoch"), raw: bytes(vector, "chatKey") });
}

function positionOf(value: unknown): Position {
  const { seq, head } = value as { seq: number; head: string };
  return { seq, head: bytesOf(head) };
}

function readBase64url(vector: Vector): Reading {
  const got = fromBase64url(text(vector, "text"));
  if (got && toBase64url(got) !== vector.text) throw new Error("does not come back");
  return { got: hex(got), expected: vector.hex ?? null };
}

function readId(vector: Vector): Reading {
  return { got: hex(idBytes(parseId<ChatId>(vector.text))), expected: vector.hex };
}

async function readSender(vector: Vector): Promise<Reading> {
  const { sender } = await loadIdentity({
    privateKey: bytes(vector, "privateKey"),
    publicKey: bytes(vector, "publicKey"),
  });
  return { got: sender, expected: vector.sender };
}

/** As a server reads it, which has a verifier of its own (`realtime/src/access/sender-claim.test.ts`). */
async function readSenderClaim(vector: Vector, proves: boolean): Promise<Reading> {
  const { publicKey, signature } = splitSenderClaim(bytes(vector, "claim"));
  const token = bytesOf(text(vector, "session").slice(SESSION_PREFIX.length));
  const data = claimedBytes({ chat: chatOf(vector), session: await sha256(token) });
  const isTheirs = (await senderIdOf(publicKey)) === vector.sender;
  return { got: isTheirs && (await verify({ publicKey, signature, data })), expected: proves };
}

async function makeSenderClaim(vector: Vector): Promise<Reading> {
  const { publicKey } = splitSenderClaim(bytes(vector, "claim"));
  const identity = await loadIdentity({ privateKey: bytes(vector, "privateKey"), publicKey });
  const claim = await claimSender({ identity, chat: chatOf(vector), session: text(vector, "session") });
  return { got: [toBase64url(claim), await readSenderClaim(vector, true)], expected: [vector.claim, PROVES] };
}

const PROVES = { got: true, expected: true };

async function readSafetyNumber(vector: Vector): Promise<Reading> {
  const [one, other] = vector.senders as SenderId[];
  if (!one || !other) throw new Error("the vector itself names no two senders");
  return { got: await safetyNumber(one, other), expected: vector.number };
}

async function readSuccessions(vector: Vector): Promise<Reading> {
  const owners = await followSuccessions({
    chat: chatOf(vector),
    founder: bytes(vector, "founder"),
    successions: bytes(vector, "successions"),
  });
  return { got: owners.map(({ sender, since }) => ({ sender, since })), expected: vector.owners };
}

async function readBequest(vector: Vector): Promise<Reading> {
  const mine = { privateKey: bytes(vector, "privateKey"), publicKey: bytes(vector, "publicKey") };
  const body = await openBequest({ offer: bytes(vector, "offer"), mine, sealed: bytes(vector, "sealed") });
  return { got: toBase64url(body), expected: vector.body };
}

async function readLink(vector: Vector): Promise<Reading> {
  const subject = text(vector, "subject") as ChatId;
  const identity = await identifyLink({ linkKey: bytes(vector, "linkKey"), subject });
  const { link, token, tokenHash, bearer } = vector;
  return { got: { ...identity, bearer: bearerOfLink(identity) }, expected: { link, token, tokenHash, bearer } };
}

async function readTicket(vector: Vector): Promise<Reading> {
  const { ticket, bearer } = vector;
  const subject = text(vector, "subject") as ChatId;
  const link = text(vector, "link") as LinkId;
  const made = await viewTicket({ secret: bytes(vector, "secret"), subject, link });
  const shown = bearerOfLink({ link, token: bytes(vector, "token"), ticket: made });
  return { got: { ticket: made, bearer: shown }, expected: { ticket, bearer } };
}

async function readBearer(vector: Vector): Promise<Reading> {
  const { link, token, ticket } = vector;
  return { got: parseLinkBearer(text(vector, "bearer")), expected: { link, token, ticket } };
}

async function readTombstone(vector: Vector): Promise<Reading> {
  const { kind, digest, tombstone } = vector;
  const read = parseTombstone(bytes(vector, "tombstone"));
  return { got: read && { ...read, tombstone: tombstoneOf(read) }, expected: { kind, digest, tombstone } };
}

async function readWrappedKey(vector: Vector): Promise<Reading> {
  const subject = chatOf(vector);
  const password = vector.password as string | null;
  const { key: wrapKey } = await deriveWrapKey({ linkKey: bytes(vector, "linkKey"), subject, password });
  const { chatKey, owner } = await unwrapChatKey({
    wrapped: bytes(vector, "wrapped"),
    chat: subject,
    link: text(vector, "link") as LinkId,
    epoch: number(vector, "epoch"),
    wrapKey,
  });
  return { got: { chatKey: chatKey.raw, owner }, expected: { chatKey: vector.chatKey, owner: vector.owner } };
}

function readMention(vector: Vector, expected: boolean): Reading {
  const { withheld } = vector;
  const origin = text(vector, "origin") as TextOrigin;
  return { got: asksMate({ text: text(vector, "text"), origin, withheld: withheld === true }), expected };
}

function readPaddedLength(vector: Vector): Reading {
  const smallest = number(vector, "smallest");
  const body = new Uint8Array(number(vector, "length") - Math.min(4, number(vector, "length")));
  const padded = pad(body, { overhead: 0, smallest });
  unpad(padded, { overhead: 0, smallest });
  return {
    got: [padme(number(vector, "length"), smallest), padded.length],
    expected: [vector.padded, vector.padded],
  };
}

function readPadded(vector: Vector): Reading {
  const frame = { overhead: number(vector, "overhead"), smallest: number(vector, "smallest") };
  return { got: unpad(bytes(vector, "padded"), frame), expected: undefined };
}

async function readMessage(vector: Vector): Promise<Reading> {
  const { content, publicKey } = await openMessage({
    chatKey: await chatKeyOf(vector),
    message: text(vector, "message") as MessageId,
    sender: text(vector, "sender") as SenderId,
    envelope: bytes(vector, "envelope"),
  });
  const again = parseContent(encodeContent(content));
  if (canonical(again) !== canonical(content)) throw new Error("does not come back");
  return { got: { content, publicKey }, expected: { content: vector.content, publicKey: vector.publicKey } };
}

async function readTranscript(vector: Vector): Promise<Reading> {
  let end = await emptyTranscript(chatOf(vector));
  const heads = [end.head];
  for (const { id, envelope } of vector.messages as { id: MessageId; envelope: string }[]) {
    end = await appendToTranscript(end, { id, envelope: bytesOf(envelope) });
    heads.push(end.head);
  }
  return { got: [end.seq, heads], expected: [heads.length - 1, vector.heads] };
}

function readClaim(vector: Vector): Reading {
  const mine = vector.mine === null ? null : positionOf(vector.mine);
  checkClaim(positionOf(vector.claim), { seq: number(vector, "seq"), mine });
  return { got: null, expected: null };
}

async function readSeal(vector: Vector): Promise<Reading> {
  const chatKey = await chatKeyOf(vector);
  const got = await openSeal({ chatKey, owner: bytes(vector, "owner"), sealed: bytes(vector, "envelope") });
  return { got, expected: vector.seal };
}

function readSealCheck(vector: Vector): Reading {
  checkSeal(positionOf(vector.seal), positionOf(vector.end));
  return { got: null, expected: null };
}

function readRollback(vector: Vector): Reading {
  checkNoRollback(positionOf(vector.remembered), positionOf(vector.seal));
  return { got: null, expected: null };
}

async function readReplyKey(vector: Vector): Promise<Reading> {
  const chatKey = await chatKeyOf(vector);
  const got = await unwrapReplyKey({ chatKey, ask: text(vector, "ask") as AskId, wrapped: bytes(vector, "wrapped") });
  return { got, expected: vector.replyKey };
}

async function readDelta(vector: Vector): Promise<Reading> {
  const stream = await openReplyStream({
    chat: chatOf(vector),
    ask: text(vector, "ask") as AskId,
    stream: text(vector, "stream") as StreamId,
    replyKey: bytes(vector, "replyKey"),
  });
  return { got: await openDelta(stream, number(vector, "index"), bytes(vector, "sealed")), expected: vector.text };
}

async function readGiven(vector: Vector): Promise<Reading> {
  return { got: await givenHash(vector.context as ContextEntry[]), expected: vector.hash };
}

async function readReply(vector: Vector): Promise<Reading> {
  const envelope = bytes(vector, "envelope");
  const ask = text(vector, "ask") as AskId;
  const { wrappedReplyKey } = replyEnvelope(envelope);
  const replyKey = await unwrapReplyKey({ chatKey: await chatKeyOf(vector), ask, wrapped: wrappedReplyKey });
  const sender = text(vector, "sender") as SenderId;
  const got = await openReply({ chat: chatOf(vector), ask, sender, replyKey, envelope });
  return { got, expected: { reply: vector.reply, publicKey: vector.publicKey } };
}

function embedKeyOf(vector: Vector) {
  return loadEmbedKey({ embed: text(vector, "embed") as EmbedId, raw: bytes(vector, "embedKey") });
}

async function readEmbedHeader(vector: Vector): Promise<Reading> {
  const source: EmbedSource =
    vector.owner === null
      ? { type: "message", chat: chatOf(vector), sender: text(vector, "sender") as SenderId }
      : { type: "link", owner: bytes(vector, "owner") };
  const got = await openEmbedHeader({ embedKey: await embedKeyOf(vector), sealed: bytes(vector, "sealed"), source });
  const { chat: _, ...header } = (vector.header ?? {}) as Record<string, unknown>;
  return { got, expected: { header, publicKey: vector.publicKey } };
}

async function embedContentOf(vector: Vector) {
  const described = { size: number(vector, "size"), digests: bytes(vector, "digests") };
  return loadEmbedContent(await embedKeyOf(vector), described);
}

async function readEmbedChunk(vector: Vector): Promise<Reading> {
  const got = await openChunk(await embedContentOf(vector), number(vector, "index"), bytes(vector, "sealed"));
  return { got, expected: vector.content };
}

/** Byte i of the content is i mod 251. */
async function readWholeEmbed(vector: Vector): Promise<Reading> {
  const size = number(vector, "size");
  const whole = Uint8Array.from({ length: size }, (_, i) => i % 251);
  const readable = { size, read: async (from: number, to: number) => whole.slice(from, to) };
  const digests = await digestEmbed(readable);
  const content = await loadEmbedContent(await embedKeyOf(vector), { size, digests });
  const sealed: Bytes[] = [];
  for (let index = 0; index < chunkCount(size); index++) {
    sealed.push(await sealChunk(content, index, await readChunk(readable, index)));
  }
  const got = { digests, length: sealedSize(size), stored: await sha256(...sealed) };
  return { got, expected: { digests: vector.digests, length: vector.length, stored: vector.stored } };
}

async function readWrappedEmbedKey(vector: Vector): Promise<Reading> {
  const embed = text(vector, "embed") as EmbedId;
  const password = vector.password as string | null;
  const { key: wrapKey } = await deriveWrapKey({ linkKey: bytes(vector, "linkKey"), subject: embed, password });
  const options = { wrapped: bytes(vector, "wrapped"), embed, link: text(vector, "link") as LinkId, wrapKey };
  const { embedKey, owner } = await unwrapEmbedKey(options);
  return {
    got: { embedKey: embedKey.raw, owner },
    expected: { embedKey: vector.embedKey, owner: vector.owner },
  };
}

async function readLinkLabel(vector: Vector): Promise<Reading> {
  const chatKey = await chatKeyOf(vector);
  const got = await openLinkLabel({ chatKey, link: text(vector, "link") as LinkId, sealed: bytes(vector, "sealed") });
  return { got, expected: vector.text };
}

function readShareUrl(vector: Vector): Reading {
  const { subject, key, message } = parseShareUrl(text(vector, "text"));
  return { got: { ...subject, key, message }, expected: vector.link };
}

async function readKeyring(vector: Vector): Promise<Reading> {
  const use = text(vector, "use") as KeyringUse;
  if (!(use in KEYRING_USE)) throw new Error("There is no such use.");
  const sealed = bytes(vector, "sealed");
  const key = await deriveKeyringKey({ passphrase: text(vector, "passphrase"), salt: keyringSalt({ sealed, use }) });
  return { got: await openKeyring({ key, use, sealed }), expected: vector.error ? null : bytes(vector, "body") };
}

async function readCopy(vector: Vector): Promise<Reading> {
  const chatKey = await chatKeyOf(vector);
  const message = text(vector, "message") as MessageId;
  const sender = text(vector, "sender") as SenderId;
  const { content } = await openMessage({ chatKey, message, sender, envelope: bytes(vector, "envelope") });
  if (content.type !== "unknown" || content.named !== "copy") throw new Error("no copy");
  const got = await openCopy({ chatKey, message, mate: text(vector, "mate") as SenderId, content });
  return { got, expected: { content: vector.content, copied: vector.copied } };
}

async function readOrigin(vector: Vector): Promise<Reading> {
  const { chats } = parseOrigin(vector.origin);
  return { got: await Promise.all(chats.map(openAncestor)), expected: vector.seals };
}

const READERS: Readonly<Record<string, (vector: Vector) => Reading | Promise<Reading>>> = {
  "base64url/valid": readBase64url,
  "base64url/invalid": readBase64url,
  "ids/valid": readId,
  "ids/invalid": readId,
  "senders/valid": readSender,
  "senders/invalid": readSender,
  "sender-claims/valid": makeSenderClaim,
  "sender-claims/invalid": (vector) => readSenderClaim(vector, false),
  "links/valid": readLink,
  "links/invalid": readLink,
  "links/tickets": readTicket,
  "links/bearers": readBearer,
  "links/invalidBearers": (vector) => ({ got: parseLinkBearer(text(vector, "bearer")), expected: null }),
  "wrapped-keys/valid": readWrappedKey,
  "wrapped-keys/invalid": readWrappedKey,
  "padding/valid": readPaddedLength,
  "padding/invalid": readPadded,
  "messages/valid": readMessage,
  "messages/invalid": readMessage,
  "transcript/valid": readTranscript,
  "transcript/tombstones": readTombstone,
  "transcript/invalidTombstones": (vector) => ({ got: parseTombstone(bytes(vector, "tombstone")), expected: null }),
  "transcript/validClaims": readClaim,
  "transcript/invalidClaims": readClaim,
  "seals/valid": readSeal,
  "seals/invalid": readSeal,
  "seals/checks": readSealCheck,
  "seals/rollbacks": readRollback,
  "reply-keys/valid": readReplyKey,
  "reply-keys/invalid": readReplyKey,
  "deltas/valid": readDelta,
  "deltas/invalid": readDelta,
  "given/valid": readGiven,
  "replies/valid": readReply,
  "replies/invalid": readReply,
  "link-labels/valid": readLinkLabel,
  "link-labels/invalid": readLinkLabel,
  "embed-headers/valid": readEmbedHeader,
  "embed-headers/invalid": readEmbedHeader,
  "embed-chunks/valid": readEmbedChunk,
  "embed-chunks/invalid": readEmbedChunk,
  "embed-chunks/whole": readWholeEmbed,
  "wrapped-embed-keys/valid": readWrappedEmbedKey,
  "wrapped-embed-keys/invalid": readWrappedEmbedKey,
  "keyrings/valid": readKeyring,
  "keyrings/invalid": readKeyring,
  "safety-numbers/valid": readSafetyNumber,
  "copies/valid": readCopy,
  "copies/invalid": readCopy,
  "origins/valid": readOrigin,
  "origins/invalid": readOrigin,
  "successions/valid": readSuccessions,
  "successions/invalid": readSuccessions,
  "bequests/valid": readBequest,
  "bequests/invalid": readBequest,
  "mentions/asks": (vector) => readMention(vector, true),
  "mentions/asksNothing": (vector) => readMention(vector, false),
  "share-urls/valid": readShareUrl,
  "share-urls/invalid": readShareUrl,
};

/** Returns what is wrong, or null when the vector is read as it says. `section` is `file/part`. */
export async function checkVector(section: string, vector: Vector): Promise<string | null> {
  const read = READERS[section];
  if (!read) return `nobody reads ${section}`;
  try {
    const { got, expected } = await read(vector);
    if (vector.error) return `was accepted, though ${vector.reason}`;
    return canonical(got) === canonical(expected) ? null : `${canonical(got)} instead of ${canonical(expected)}`;
  } catch (error) {
    if (!(error instanceof ProtocolError)) return String(error);
    return error.code === vector.error ? null : `${error.code} instead of ${vector.error ?? "none"}: ${error.message}`;
  }
}

/** JSON with sorted names and bytes as base64url, so that equal values are equal texts. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (part instanceof Uint8Array) return toBase64url(part);
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
