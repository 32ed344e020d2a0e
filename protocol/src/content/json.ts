import * as v from "valibot";
import { type Bytes, fromUtf8, utf8 } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";

/** @throws ProtocolError `malformed` for anything but UTF-8 JSON of the schema's shape. */
export function parseJson<Schema extends v.GenericSchema>(schema: Schema, bytes: Uint8Array): v.InferOutput<Schema> {
  const text = fromUtf8(bytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Not passed on as the cause: the error quotes the text, and errors end up in logs.
    throw new ProtocolError("malformed", "The content of this message is not JSON.");
  }
  return parseValue(schema, value);
}

/** @throws ProtocolError `malformed` for a value that readers would refuse; so nobody sends what nobody can read. */
export function encodeJson(schema: v.GenericSchema, value: unknown): Bytes {
  parseValue(schema, value);
  return utf8(JSON.stringify(value));
}

export function parseValue<Schema extends v.GenericSchema>(schema: Schema, value: unknown): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  throw new ProtocolError("malformed", "The content of this message has not the shape that its type asks for.");
}
