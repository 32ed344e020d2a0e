import * as v from "valibot";
import { type Bytes, fromBase64url } from "../bytes.ts";
import type { Position } from "../wire/transcript.ts";

/** `{ seq, head }` in JSON, the head as base64url of 32 bytes. */
export const positionSchema = v.object({
  seq: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  head: v.pipe(
    v.string(),
    v.rawTransform(({ dataset, addIssue, NEVER }): Bytes => {
      const bytes = fromBase64url(dataset.value);
      if (bytes?.length === 32) return bytes;
      addIssue({ message: "a head has 32 bytes" });
      return NEVER;
    }),
  ),
}) satisfies v.GenericSchema<unknown, Position>;
