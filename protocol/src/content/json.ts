import * as v from "valibot";
import { fromUtf8 } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";

/** @throws ProtocolError `malformed` for anything but UTF-8 JSON of the schema's shape. */
export function parseJson<Schema extends v.GenericSchema>(schema: Schema, bytes: Uint8Array): v.InferOutput<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(fromUtf8(bytes));
  } catch (cause) {
    throw new ProtocolError("malformed", "The content of this message is not JSON.", { cause });
  }
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  throw new ProtocolError("malformed", "The content of this message has not the shape that its type asks for.");
}
