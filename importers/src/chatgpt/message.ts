import * as v from "valibot";
import { type JsonRecord, lenient } from "../json.ts";
import type { Piece } from "../piece.ts";
import { timeOf } from "../time.ts";
import { contentParts } from "./content.ts";

const messageSchema = v.object({
  author: v.fallback(v.object({ role: lenient.string, name: lenient.string }), { role: "", name: "" }),
  create_time: v.unknown(),
  content: lenient.record,
  metadata: lenient.record,
  recipient: lenient.string,
});

/** A node's message: what is read of it, and only that. */
export interface Message {
  readonly role: "user" | "assistant" | "tool";
  /** The tool that speaks; else empty. */
  readonly tool: string;
  /** The tool that is spoken to; empty for people. */
  readonly to: string;
  readonly content: JsonRecord;
  readonly metadata: JsonRecord;
}

/** What a node says in the conversation; null for what was not on screen. */
export function readMessage(value: JsonRecord): Piece | null {
  const parsed = v.safeParse(messageSchema, { create_time: null, ...value });
  if (!parsed.success) return null;
  const { author, content, metadata, recipient, create_time } = parsed.output;
  const { role } = author;
  if (role !== "user" && role !== "assistant" && role !== "tool") return null;
  if (metadata.is_visually_hidden_from_conversation === true) return null;
  const to = recipient === "all" || role === "user" ? "" : recipient;
  const parts = contentParts({ role, tool: role === "tool" ? author.name : "", to, content, metadata });
  if (parts.length === 0) return null;
  const model = role === "assistant" && typeof metadata.model_slug === "string" ? metadata.model_slug : null;
  return { role, name: role === "assistant" ? "ChatGPT" : "", parts, time: timeOf(create_time), model };
}
