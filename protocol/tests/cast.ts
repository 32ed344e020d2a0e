import { type MessageContent, textParts } from "../src/content/index.ts";
import { type ChatKey, createChatKey, createIdentity, type Identity } from "../src/crypto/index.ts";
import { type ChatId, newId } from "../src/wire/index.ts";

/** Who takes part in a test: a chat with its key, its owner and a member. */
export interface Cast {
  readonly chat: ChatId;
  readonly chatKey: ChatKey;
  readonly owner: Identity;
  readonly member: Identity;
}

export async function newCast(): Promise<Cast> {
  const chat = newId<ChatId>();
  const [chatKey, owner, member] = await Promise.all([createChatKey(chat), createIdentity(), createIdentity()]);
  return { chat, chatKey, owner: owner.identity, member: member.identity };
}

export function textContent(text: string): MessageContent {
  const after = { seq: 0, head: new Uint8Array(32) };
  return {
    type: "message",
    role: "user",
    name: "Ada",
    parts: textParts(text),
    replyTo: null,
    model: null,
    withheld: false,
    time: 1,
    after,
  };
}

/** Every copy of some bytes with one bit altered. */
export function* bitFlips(bytes: Uint8Array): Generator<Uint8Array<ArrayBuffer>> {
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const flipped = new Uint8Array(bytes);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    yield flipped;
  }
}

/** How often something is refused with which code, over all inputs; `accepted` where it is not. */
export async function codesOf<T>(
  inputs: Iterable<T>,
  use: (input: T) => Promise<unknown>,
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const code of await Promise.all(Array.from(inputs, (input) => codeOf(() => use(input))))) {
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return counts;
}

export async function codeOf(use: () => unknown): Promise<string> {
  try {
    await use();
    return "accepted";
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : `threw ${String(error)}`;
  }
}
