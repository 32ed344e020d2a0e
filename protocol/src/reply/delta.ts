import { type Bytes, concat, fromUtf8, u32be, utf8 } from "../bytes.ts";
import { label } from "../labels.ts";
import { decrypt, encrypt, hkdf, importAesKey, KEY_LENGTH, NONCE_LENGTH } from "../primitives.ts";
import { type AskId, type ChatId, idBytes, type StreamId } from "../wire/ids.ts";

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

/** Seals one piece of text; every index may be used once. */
export async function sealDelta(stream: ReplyStream, index: number, text: string): Promise<Bytes> {
  return encrypt({ key: stream.key, ...deltaPlace(stream, index) }, utf8(text));
}

/** @throws ProtocolError `wrong_key` */
export async function openDelta(stream: ReplyStream, index: number, sealed: Bytes): Promise<string> {
  return fromUtf8(await decrypt({ key: stream.key, ...deltaPlace(stream, index) }, sealed));
}

function deltaPlace({ chat, ask, stream }: ReplyStream, index: number): { nonce: Bytes; additionalData: Bytes } {
  const nonce = new Uint8Array(NONCE_LENGTH);
  nonce.set(u32be(index), NONCE_LENGTH - 4);
  return { nonce, additionalData: concat(label("delta"), idBytes(chat), idBytes(ask), idBytes(stream), u32be(index)) };
}
