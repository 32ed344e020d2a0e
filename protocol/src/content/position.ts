import * as v from "valibot";
import { type Bytes, fromBase64url } from "../bytes.ts";
import { LIMITS } from "../wire/limits.ts";
import type { Position } from "../wire/transcript.ts";

/** A SHA-256 in JSON: base64url of 32 bytes. */
export const hashSchema = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }): Bytes => {
    const bytes = dataset.value.length === 43 ? fromBase64url(dataset.value) : null;
    if (bytes) return bytes;
    addIssue({ message: "a hash has 32 bytes" });
    return NEVER;
  }),
);

/** `{ seq, head }` in JSON. */
export const positionSchema = v.object({
  seq: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(LIMITS.seq)),
  head: hashSchema,
}) satisfies v.GenericSchema<unknown, Position>;

/** Milliseconds since 1970, no further than a Date goes. */
export const timeSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(LIMITS.time));

/** How many characters (UTF-16 units) a model's name may have, and that it is one. */
export const modelSchema = v.pipe(v.string(), v.maxLength(LIMITS.modelName));
