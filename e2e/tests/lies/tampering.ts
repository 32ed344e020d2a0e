import { decode } from "@msgpack/msgpack";
import type { OpenedChat, StoredMessage } from "@openmates-share/protocol/wire";
import { bearerOf, type LieWorld } from "./lie-world.ts";

export function isThere<T>(value: T | undefined): value is T {
  return value !== undefined;
}

export function at<T>(list: readonly T[], index: number): T {
  const value = list[index];
  if (value === undefined) throw new Error(`nothing at ${index}`);
  return value;
}

export function withByte(message: StoredMessage, place: number, change: number): StoredMessage {
  const envelope = Uint8Array.from(message.envelope);
  envelope[place] = change === 0 ? 0 : (envelope[place] ?? 0) ^ change;
  return { ...message, envelope };
}

export function flipped(bytes: Uint8Array, place: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes, (byte, i) => (i === place ? byte ^ 1 : byte));
}

export function withPage(opened: OpenedChat, change: (message: StoredMessage) => StoredMessage): OpenedChat {
  return { ...opened, page: { ...opened.page, messages: opened.page.messages.map(change) } };
}

export function withKeys(opened: OpenedChat, change: (key: Uint8Array) => Uint8Array<ArrayBuffer>): OpenedChat {
  return { ...opened, wrappedKeys: opened.wrappedKeys.map(({ epoch, key }) => ({ epoch, key: change(key) })) };
}

export async function elsewhere(world: LieWorld): Promise<OpenedChat> {
  const parts = [{ type: "markdown" as const, text: "Elsewhere 1." }];
  const message = { role: "user" as const, name: "", parts, time: null, model: null };
  const { chat, url } = await world.owner.share({ title: "Elsewhere", messages: [message] }, { mode: "read-only" });
  const headers = { authorization: `Bearer ${await bearerOf(url)}` };
  const answer = await fetch(`${world.server}/api/chats/${chat}`, { headers });
  return decode(new Uint8Array(await answer.arrayBuffer())) as OpenedChat;
}
