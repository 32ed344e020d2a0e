import { createHash, randomBytes } from "node:crypto";
import { decode, encode } from "@msgpack/msgpack";
import { claimSender, createIdentity, type Identity } from "@openmates-share/protocol/crypto";
import {
  type Bytes,
  bearerOfLink,
  type ChatId,
  KIND,
  type Kind,
  type LinkId,
  type LinkMode,
  newId,
  ownBytes,
  type SenderId,
  toBase64url,
  WRAPPED_KEY_LENGTH,
} from "@openmates-share/protocol/wire";
import { fromAnotherSource } from "../connection.ts";
import type { Peer } from "./peer.ts";
import { BINARY, frameOf, RawLine, SKIMMED_BYTES } from "./raw-line.ts";
import { reserveStamp } from "./stamp.ts";

const EVENT = 2;
const ACK = 3;

interface Answer {
  readonly ok: boolean;
  readonly error?: { readonly code: string };
}

/** Somebody with a session and a key to write under. */
export interface Visitor {
  readonly session: string;
  readonly identity: Identity;
}

/** What a visitor comes into a chat with for the first time. */
export function claimOf({ session, identity }: Visitor, chat: ChatId): Promise<Bytes> {
  return claimSender({ identity, chat, session });
}

/** A client of our socket that decodes only what it has to. */
export class OurPeer implements Peer {
  onMessages: (count: number) => void = () => {};
  /** Called with the bytes of a packet of messages instead of `onMessages`. */
  onPayload: ((payload: Buffer) => void) | null = null;
  /** Set to see every event as it is; costs the load what decoding costs. */
  onEvent: ((event: string, payload: unknown) => void) | null = null;
  /** Called when a message is refused. */
  onRefused = (code: string): void => {
    throw new Error(`A message was refused: ${code}`);
  };
  readonly sender: SenderId | null;
  readonly #line: RawLine;
  readonly #answers = new Map<number, (answer: Answer) => void>();
  #chat = "" as ChatId;
  #next = 1;

  private constructor(line: RawLine, sender: SenderId | null) {
    this.#line = line;
    this.sender = sender;
  }

  /** @param visitor null for somebody who only reads */
  static async connect(server: string, visitor: Visitor | null): Promise<OurPeer> {
    const line = await RawLine.open(`${server.replace("http", "ws")}/socket/?EIO=4&transport=websocket`, {
      ...fromAnotherSource(),
    });
    const connected = new Promise<void>((resolve, reject) => {
      line.onFrame = (payload, opcode) => {
        if (opcode !== BINARY) return;
        const { type } = decode(payload) as { type: number };
        if (type === 0) resolve();
        else reject(new Error(`The handshake was answered with a packet of type ${type}.`));
      };
    });
    line.send(frameOf(encode({ type: 0, nsp: "/", data: { session: visitor?.session ?? null } })));
    await connected;
    const peer = new OurPeer(line, visitor?.identity.sender ?? null);
    line.onFrame = (payload, opcode) => peer.#onFrame(payload, opcode);
    return peer;
  }

  /** @throws Error with the refusal's code */
  async request(event: string, request: object): Promise<Record<string, unknown>> {
    const id = this.#next++;
    const answered = new Promise<Answer>((resolve) => this.#answers.set(id, resolve));
    this.#line.send(frameOf(encode({ type: EVENT, nsp: "/", data: [event, request], id })));
    const answer = await answered;
    if (!answer.ok) throw new Error(`${event} was refused: ${answer.error?.code}`);
    return answer as unknown as Record<string, unknown>;
  }

  /** `claim` is for who comes in to write and is not the owner. */
  async join(chat: ChatId, options: { link: string | null; claim?: Bytes; after?: number }): Promise<void> {
    this.#chat = chat;
    const { link, claim = null, after = 0 } = options;
    await this.request("join", { chat, link, sender: this.sender, claim, after });
  }

  /** A message as large as `size`, of which the server can see the envelope's head. A refusal ends the measurement. */
  prepare({ size, id = newId() }: { size: number; id?: string }): Buffer {
    const envelope = envelopeOf(size);
    reserveStamp(envelope);
    const message = { id, sender: this.sender, envelope };
    return frameOf(encode({ type: EVENT, nsp: "/", data: ["send", { chat: this.#chat, message }], id: this.#next++ }));
  }

  skim(): void {
    this.#line.keptBytes = SKIMMED_BYTES;
  }

  send(frame: Uint8Array): void {
    this.#line.send(frame);
  }

  close(): void {
    this.#line.close();
  }

  #onFrame(payload: Buffer, opcode: number): void {
    if (opcode !== BINARY) {
      // Engine.IO's ping.
      if (payload[0] === 0x32) this.#line.send(frameOf("3"));
      return;
    }
    if (payload[TYPE_AT] === ACK) {
      if (this.#answers.size > 0 || !isAccepted(payload)) this.#onAnswer(payload);
    } else if (this.onEvent) {
      const { data } = decode(payload) as { data?: [string, unknown] };
      if (data) this.onEvent(...data);
    } else if (payload.subarray(NAME_AT, NAME_AT + MESSAGES.length).equals(MESSAGES)) {
      if (this.onPayload) this.onPayload(payload);
      else this.onMessages(countAt(payload, COUNT_AT));
    }
  }

  #onAnswer(payload: Buffer): void {
    const { id, data } = decode(payload) as { id: number; data: [Answer] };
    const waiting = this.#answers.get(id);
    this.#answers.delete(id);
    if (waiting) waiting(data[0]);
    else if (!data[0].ok) this.onRefused(data[0].error?.code ?? "unknown");
  }
}

/*
 * Where things stand in a packet of the server's, as its encoder writes it: `{ type, nsp: "/", data: ["messages", { chat,
 * messages: […] }] }`. Decoding all of a thousand packets in a row would be measuring the load.
 */
const TYPE_AT = 6;
const NAME_AT = TYPE_AT + 1 + 6 + 5 + 1;
const MESSAGES = Buffer.from(encode("messages"));
const COUNT_AT = NAME_AT + MESSAGES.length + 1 + 5 + 23 + MESSAGES.length;

function countAt(payload: Buffer, at: number): number {
  const header = payload[at] ?? 0;
  if (header >= 0x90 && header <= 0x9f) return header & 0x0f;
  if (header === 0xdc) return payload.readUInt16BE(at + 1);
  throw new Error("The packet of messages is not built as expected.");
}

/** Of an answer, `{ type, nsp: "/", data: [{ ok: true, … }], id }`. */
function isAccepted(payload: Buffer): boolean {
  return payload.subarray(NAME_AT + 1, NAME_AT + 1 + OK.length).equals(OK);
}

const OK = Buffer.concat([encode("ok"), encode(true)]);

/** What the server can see of one is its head. */
function envelopeOf(size: number, kind: Kind = KIND.content): Buffer {
  return Buffer.concat([Uint8Array.of(1, kind, 0, 0, 0, 1), randomBytes(size - 6)]);
}

export interface OurChat {
  readonly chat: ChatId;
  readonly owner: OurPeer;
  /** A bearer to join by. */
  readonly link: string;
  /** One more person, who sits in it; at that server, or else at the owner's. */
  member(at?: string): Promise<OurPeer>;
}

/** A chat whose owner sits in it. */
export async function openChat(server: string, mode: LinkMode = "collaborative"): Promise<OurChat> {
  const visitor = await guest(server);
  const { session } = visitor;
  const owner = await OurPeer.connect(server, visitor);
  const chat = newId<ChatId>();
  const claim = toBase64url(await claimOf(visitor, chat));
  await call(server, "POST /api/chats", { session, body: { chat, owner: owner.sender, claim } });
  const seal = envelopeOf(200, KIND.seal).toString("base64url");
  await call(server, `PUT /api/chats/${chat}/shared`, { session, body: { through: 0, seal } });
  const link = newId<LinkId>();
  const token = ownBytes(randomBytes(32));
  await call(server, `POST /api/chats/${chat}/links`, {
    session,
    body: {
      link,
      tokenHash: createHash("sha256").update(token).digest("base64url"),
      mode,
      wrappedKeys: [{ epoch: 1, key: randomBytes(WRAPPED_KEY_LENGTH).toString("base64url") }],
      label: randomBytes(60).toString("base64url"),
      expiresAt: null,
    },
  });
  await owner.join(chat, { link: null });
  const bearer = bearerOfLink({ link, token });
  const member = async (at = server) => {
    const visitor = await guest(at);
    const peer = await OurPeer.connect(at, visitor);
    await peer.join(chat, { link: bearer, claim: await claimOf(visitor, chat) });
    return peer;
  };
  return { chat, owner, link: bearer, member };
}

/** A chat with so many people in it, its owner among them. */
export async function openOurRoom(server: string, size: number): Promise<readonly OurPeer[]> {
  const { owner, member } = await openChat(server);
  return [owner, ...(await Promise.all(Array.from({ length: size - 1 }, member)))];
}

export async function guest(server: string): Promise<Visitor> {
  const { session } = (await call(server, "POST /api/guests", {})) as { session: string };
  const { identity } = await createIdentity();
  return { session, identity };
}

async function call(server: string, route: string, options: { session?: string; body?: object }): Promise<unknown> {
  const [method = "GET", path = "/"] = route.split(" ");
  const { session, body } = options;
  const ask = () =>
    fetch(server + path, {
      method,
      headers: {
        ...fromAnotherSource(),
        ...(session === undefined ? {} : { authorization: `Bearer ${session}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
  // A connection that was kept open may be closed by the server in the very moment in which it is used again.
  const answer = await ask().catch(ask);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${route} was answered with ${answer.status}: ${text.slice(0, 200)}`);
  return text === "" ? null : JSON.parse(text);
}
