import * as v from "valibot";
import { type Bytes, toBase64url } from "../bytes.ts";
import { hashSchema } from "./position.ts";

/**
 * What a model was given: how many entries, of how many that the asker sent or chose (the newest ones, where the model takes no
 * more), and their hash by `givenHash` (SPEC A6, A8).
 */
export interface Given {
  readonly count: number;
  readonly offered: number;
  readonly hash: Bytes;
}

/** `stopped`: a person ended it; `length`: the model or the limit did. */
export const ENDS = ["complete", "stopped", "length"] as const;
export type AnswerEnd = (typeof ENDS)[number];

/** What a member says of an answer that a model of their own gave (SPEC A9). */
export interface OwnAnswer {
  readonly ended: AnswerEnd;
  readonly given: Given;
}

const wholeNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

export const givenSchema = v.pipe(
  v.object({ count: wholeNumber, offered: v.optional(wholeNumber), hash: hashSchema }),
  v.transform(({ count, offered = count, hash }) => ({ count, offered, hash })),
  v.check(({ count, offered }) => count <= offered, "no more can be given than was sent"),
);

export const ownAnswerSchema = v.object({ ended: v.picklist(ENDS), given: givenSchema });

/** As it stands in JSON. */
export function givenJson({ count, offered, hash }: Given): Record<string, unknown> {
  return { count, ...(offered !== count && { offered }), hash: toBase64url(hash) };
}
