import {
  type Bytes,
  bytesSchema,
  chatIdSchema,
  embedIdSchema,
  LARGEST_SEALED_EMBED,
  LIMITS,
  ProtocolError,
  SUCCESSIONS_LENGTH,
  WRAPPED_KEY_LENGTH,
} from "@openmates-share/protocol/wire";
import * as v from "valibot";
import { pack, unpack } from "../msgpack.ts";
import { storedMessageSchema } from "../responses.ts";

/** The form below; a reader refuses every other number. */
const VERSION = 1;

const key32 = bytesSchema({ min: 32, max: 32 });

/** A chat in a file (SPEC section 16): what a server would hand out, and the link key that opens it. */
const keptSchema = v.object({
  version: v.literal(VERSION),
  chat: chatIdSchema,
  /** Of a link that exists in this file alone; with a password it opens nothing on its own. */
  linkKey: key32,
  wrappedKeys: v.array(
    v.object({ epoch: v.number(), key: bytesSchema({ min: WRAPPED_KEY_LENGTH, max: WRAPPED_KEY_LENGTH }) }),
  ),
  /** Ed25519: whose answers are the mate's, as known to who kept the chat. */
  mate: key32,
  seal: bytesSchema({ min: 1, max: LIMITS.seal }),
  /** Whose the chat has been after who made it (SPEC H6); absent for most. */
  successions: v.exactOptional(bytesSchema({ min: 0, max: SUCCESSIONS_LENGTH })),
  messages: v.array(storedMessageSchema),
  embeds: v.array(
    v.object({
      id: embedIdSchema,
      header: bytesSchema({ min: 1, max: LIMITS.embedHeader }),
      chunks: bytesSchema({ min: 1, max: LARGEST_SEALED_EMBED }),
    }),
  ),
  /** The server it came from; milliseconds since 1970 by the clock of who kept it. Neither is verified. */
  from: v.pipe(v.string(), v.maxLength(2_000)),
  keptAt: v.number(),
});
export type Kept = v.InferOutput<typeof keptSchema>;

export function packKept(kept: Omit<Kept, "version">): Bytes {
  return pack({ version: VERSION, ...kept });
}

/** @throws ProtocolError `unsupported_version`, `malformed` */
export function unpackKept(bytes: Bytes): Kept {
  let value: unknown;
  try {
    value = unpack(bytes);
  } catch {
    throw new ProtocolError("malformed", "This file is damaged: the chat in it can't be read.");
  }
  const version = v.safeParse(v.object({ version: v.number() }), value);
  if (version.success && version.output.version !== VERSION) {
    throw new ProtocolError("unsupported_version", "This file was made by a newer version.");
  }
  const kept = v.safeParse(keptSchema, value);
  if (!kept.success) throw new ProtocolError("malformed", "This file is damaged: the chat in it can't be read.");
  return kept.output;
}
