import { type Bytes, concat, fromUtf8, u32be, utf8 } from "../bytes.ts";
import { label } from "../labels.ts";
import { type Frame, pad, SMALLEST, unpad } from "../padding.ts";
import { decrypt, encrypt, hkdf, importAesKey, KEY_LENGTH, NONCE_LENGTH } from "../primitives.ts";
import { type AskId, type ChatId, idBytes, type StreamId } from "../wire/ids.ts";

const FRAME: Frame = { overhead: 0, smallest: SMALLEST.delta };

/** One attempt at an answer: its pieces are numbered, so one dropped, doubled or moved is noticed. */
export interface ReplyStream {
  readonly chat: ChatId;
  readonly ask: AskId;
  readonly stream: StreamId;
  readonly key: CryptoKey;
}

/** The stream id, drawn by the server, goes into the key: so a client that repeats a reply key repeats no nonce. */
export async function openReplyStream(options: {
  chat: ChatId;
  ask: AskId;
  stream: StreamId;
  replyKey: Bytes;
}): Promise<ReplyStream> {
  const { chat, ask, stream, replyKey } = options;
  const salt = idBytes(stream);
  const key = await importAesKey(await hkdf({ key: replyKey, salt, info: label("deltaKey"), length: KEY_LENGTH }));
  return { chat, ask, stream, key };
}

/** The number of the next piece of each stream sealed here; the nonce is made of it, so none may come twice. */
const nextIndex = new WeakMap<ReplyStream, number>();

/**
 * Seals one piece of text, numbered from 0 without gaps, and padded: lengths of tokens tell words (SPEC P2).
 * A character must not be split between pieces.
 *
 * @throws RangeError for any other index than the next one: a nonce used twice gives the key's secrets away.
 */
export async function sealDelta(stream: ReplyStream, index: number, text: string): Promise<Bytes> {
  if (index !== (nextIndex.get(stream) ?? 0)) throw new RangeError("pieces are sealed once each, in order");
  const place = deltaPlace(stream, index);
  nextIndex.set(stream, index + 1);
  return encrypt({ key: stream.key, ...place }, pad(utf8(text), FRAME));
}

/** @throws ProtocolError `wrong_key`, `bad_padding`, `malformed` */
export async function openDelta(stream: ReplyStream, index: number, sealed: Bytes): Promise<string> {
  return fromUtf8(unpad(await decrypt({ key: stream.key, ...deltaPlace(stream, index) }, sealed), FRAME));
}

function deltaPlace({ chat, ask, stream }: ReplyStream, index: number): { nonce: Bytes; additionalData: Bytes } {
  const nonce = new Uint8Array(NONCE_LENGTH);
  nonce.set(u32be(index), NONCE_LENGTH - 4);
  return { nonce, additionalData: concat(label("delta"), idBytes(chat), idBytes(ask), idBytes(stream), u32be(index)) };
}
