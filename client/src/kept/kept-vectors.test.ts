import { readFileSync } from "node:fs";
import { messageText } from "@openmates-share/protocol/content";
import { type Bytes, fromBase64url, ProtocolError } from "@openmates-share/protocol/wire";
import { describe, expect, test } from "vitest";
import { ClientError } from "../errors.ts";
import type { RoomMessage } from "../room-state.ts";
import { openKept } from "./open-kept.ts";

interface Vector {
  readonly rule: string;
  readonly name: string;
  readonly file: string;
  readonly password: string | null;
  readonly read?: unknown;
  readonly error?: string;
}

const vectors = new URL("../../../protocol/vectors/kept-chats.json", import.meta.url);
const { valid, invalid } = JSON.parse(readFileSync(vectors, "utf8")) as Record<"valid" | "invalid", Vector[]>;

/** What a person reads: the words, or why there are none. */
function wordsOf({ body }: RoomMessage): string {
  if (body.type === "reply") return body.reply.text;
  if (body.type === "broken") return body.code;
  return body.type === "content" && body.content.type === "message" ? messageText(body.content) : body.type;
}

/** All of the file, checked. @throws what it is refused with */
async function read({ file, password }: Vector) {
  const bytes = fromBase64url(file) as Bytes;
  const { room, from, keptAt } = await openKept(bytes, { password });
  try {
    const state = await room.whenComplete();
    if (state.integrity.state === "violated") throw new ProtocolError(state.integrity.code, state.integrity.message);
    await room.load(1, state.messages.through);
    const messages = room.state.messages.loaded.map(wordsOf);
    return { role: state.role, title: state.title, messages, from, keptAt };
  } finally {
    room.close();
  }
}

/** The specification knows no passwords that are asked for: both are keys that do not fit (SPEC W3). */
function codeOf(error: unknown): string {
  if (error instanceof ProtocolError) return error.code;
  if (!(error instanceof ClientError)) throw error;
  return error.code === "locked" || error.code === "unable_to_decrypt" ? "wrong_key" : error.code;
}

describe("a chat in a file", () => {
  test.each(valid.map((vector) => [vector.rule, vector.name, vector] as const))("%s: %s", async (_, __, vector) => {
    expect(await read(vector)).toEqual(vector.read);
  });

  test.each(invalid.map((vector) => [vector.rule, vector.name, vector] as const))(
    "%s: %s is refused",
    async (_, __, vector) => {
      const refused = await read(vector).then(() => "read", codeOf);
      expect(refused).toBe(vector.error);
    },
  );
});
