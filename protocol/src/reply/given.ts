import { type Bytes, concat, u32be, utf8 } from "../bytes.ts";
import { label } from "../labels.ts";
import { sha256 } from "../primitives.ts";
import type { ContextEntry } from "../wire/socket.ts";

/** The hash of what a model was given: every field with its length in front (SPEC section 9). */
export async function givenHash(context: readonly ContextEntry[]): Promise<Bytes> {
  const fields = context.flatMap(({ role, name, text }) => [role, name, text].map(utf8));
  return sha256(label("given"), ...fields.map((field) => concat(u32be(field.length), field)));
}
