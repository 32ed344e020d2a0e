import {
  type AmendmentPage,
  type ChatId,
  type ChatKeys,
  type GuestSession,
  type MessageId,
  type MessagePage,
  MSGPACK,
  type OpenedChat,
  type PreviewCard,
  type ServiceInfo,
  type Spine,
  WIRE_ERRORS,
  type WireError,
} from "@openmates-share/protocol/wire";
import * as v from "valibot";
import { ClientError, unreachable } from "./errors.ts";
import { pack, unpack } from "./msgpack.ts";
import {
  amendmentPageSchema,
  chatKeysSchema,
  guestSessionSchema,
  messagePageSchema,
  openedChatSchema,
  previewCardSchema,
  readAnswer,
  serviceInfoSchema,
  spineSchema,
} from "./responses.ts";

/** Who asks: a session for what one owns or is a member of, a link bearer for what a link shows. */
export interface Credentials {
  readonly session?: string | null;
  readonly link?: string | null;
}

export interface Call {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly as?: Credentials;
  readonly json?: unknown;
  readonly packed?: unknown;
  /** Sent as they are. */
  readonly bytes?: Uint8Array<ArrayBuffer>;
  readonly signal?: AbortSignal | undefined;
}

/** Long enough for a page of the largest size on a slow line. */
const TIMEOUT = 60_000;
/** Clocks are compared in such steps: an answer takes its time, and its date has no more than seconds. Milliseconds. */
const CLOCK_STEP = 120_000;

/** The HTTP half of the server, typed. Every refusal arrives as a ClientError with the server's code. */
export class Api {
  readonly #server: string;
  readonly #fetch: typeof fetch;
  #clockAhead = 0;

  /** `server` has no slash at its end. */
  constructor({
    server,
    fetch = globalThis.fetch.bind(globalThis),
  }: { server: string; fetch?: typeof globalThis.fetch }) {
    this.#server = server;
    this.#fetch = fetch;
  }

  /** How far the server's clock is ahead of this device's, as far as that is known; 0 while they go alike. Milliseconds. */
  get clockAhead(): number {
    return this.#clockAhead;
  }

  async createGuest(): Promise<GuestSession> {
    return readAnswer(guestSessionSchema, await this.json({ method: "POST", path: "/api/guests" }));
  }

  async service(signal?: AbortSignal): Promise<ServiceInfo> {
    return readAnswer(serviceInfoSchema, await this.json({ method: "GET", path: "/api/service", signal }));
  }

  async preview(chat: ChatId): Promise<PreviewCard> {
    return readAnswer(previewCardSchema, await this.json({ method: "GET", path: `/api/previews/${chat}` }));
  }

  async open(
    chat: ChatId,
    { around, as, signal }: { around: MessageId | null; as: Credentials; signal?: AbortSignal | undefined },
  ): Promise<OpenedChat> {
    const path = `/api/chats/${chat}${around ? `?around=${around}` : ""}`;
    return readAnswer(openedChatSchema, await this.packed({ method: "GET", path, as, signal }));
  }

  async messages(chat: ChatId, { after, as }: { after: number; as: Credentials }): Promise<MessagePage> {
    const path = `/api/chats/${chat}/messages?after=${after}`;
    return readAnswer(messagePageSchema, await this.packed({ method: "GET", path, as }));
  }

  async spine(chat: ChatId, { after, as }: { after: number; as: Credentials }): Promise<Spine> {
    const path = `/api/chats/${chat}/spine?after=${after}`;
    return readAnswer(spineSchema, await this.packed({ method: "GET", path, as }));
  }

  async amendments(chat: ChatId, { after, as }: { after: number; as: Credentials }): Promise<AmendmentPage> {
    const path = `/api/chats/${chat}/amendments?after=${after}`;
    return readAnswer(amendmentPageSchema, await this.packed({ method: "GET", path, as }));
  }

  async keys(chat: ChatId, as: Credentials): Promise<ChatKeys> {
    return readAnswer(chatKeysSchema, await this.packed({ method: "GET", path: `/api/chats/${chat}/keys`, as }));
  }

  async countView(chat: ChatId, as: Credentials): Promise<void> {
    await this.send({ method: "POST", path: `/api/chats/${chat}/views`, as });
  }

  /** The answer's JSON. */
  async json(call: Call): Promise<unknown> {
    const response = await this.send(call);
    return readBody(async () => response.json());
  }

  /** The answer's MessagePack. */
  async packed(call: Call): Promise<unknown> {
    const response = await this.send(call);
    return readBody(async () => unpack(new Uint8Array(await response.arrayBuffer())));
  }

  /** @throws ClientError for everything but success */
  async send(call: Call): Promise<Response> {
    const timeout = AbortSignal.timeout(TIMEOUT);
    const signal = call.signal ? AbortSignal.any([call.signal, timeout]) : timeout;
    let response: Response;
    try {
      response = await this.#fetch(`${this.#server}${call.path}`, {
        method: call.method,
        headers: headersOf(call),
        body: bodyOf(call),
        signal,
        // Nothing of ours may lie in a cache, and no cookie goes along.
        cache: "no-store",
        credentials: "omit",
        referrerPolicy: "no-referrer",
      });
    } catch (cause) {
      if (call.signal?.aborted) throw new ClientError("aborted", "This was cancelled.", { cause });
      throw unreachable(cause);
    }
    this.#compareClocks(response);
    if (!response.ok) throw await refusal(response);
    return response;
  }

  #compareClocks({ headers }: Response): void {
    const ahead = Date.parse(headers.get("date") ?? "") - Date.now();
    if (!Number.isNaN(ahead)) this.#clockAhead = Math.round(ahead / CLOCK_STEP) * CLOCK_STEP;
  }
}

function headersOf({ as, json, packed, bytes }: Call): Record<string, string> {
  const bearer = as?.session ?? as?.link;
  return {
    ...(bearer ? { authorization: `Bearer ${bearer}` } : {}),
    ...(as?.session && as.link ? { "x-share-link": as.link } : {}),
    ...(json === undefined ? {} : { "content-type": "application/json" }),
    ...(packed === undefined ? {} : { "content-type": MSGPACK }),
    ...(bytes === undefined ? {} : { "content-type": "application/octet-stream" }),
  };
}

function bodyOf({ json, packed, bytes }: Call): string | Uint8Array<ArrayBuffer> | null {
  if (bytes !== undefined) return bytes;
  if (json !== undefined) return JSON.stringify(json);
  return packed === undefined ? null : pack(packed);
}

async function readBody(read: () => Promise<unknown>): Promise<unknown> {
  try {
    return await read();
  } catch (cause) {
    throw unreachable(cause);
  }
}

/** A refusal of the server's, over HTTP or on the socket, as an error of ours. */
export function refused(error: WireError): ClientError {
  return new ClientError(error.code, error.message, {
    retryable: WIRE_ERRORS[error.code].retryable,
    ...(error.retryAfter === undefined ? {} : { retryAfter: error.retryAfter }),
  });
}

export const wireErrorSchema = v.object({
  code: v.picklist(Object.keys(WIRE_ERRORS) as (keyof typeof WIRE_ERRORS)[]), // Object.keys forgets the literals.
  message: v.string(),
  retryAfter: v.exactOptional(v.number()),
});

async function refusal(response: Response): Promise<ClientError> {
  const body: unknown = await response.json().catch(() => null);
  const parsed = v.safeParse(wireErrorSchema, body);
  if (parsed.success) return refused(parsed.output);
  // Something between us and the server answered: a proxy, a captive portal.
  return unreachable();
}
