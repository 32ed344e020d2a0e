import type { IncomingMessage } from "node:http";
import { isJson, type Json } from "./json.ts";

/** What an app sends: a form whose larger values are JSON, or JSON altogether. */
export async function readRequest(request: IncomingMessage): Promise<{ text: string; parameters: Json }> {
  const text = await bodyOf(request);
  const type = request.headers["content-type"] ?? "";
  return { text, parameters: type.includes("json") ? parseObject(text) : formOf(text) };
}

function formOf(text: string): Json {
  const entries = [...new URLSearchParams(text)];
  return Object.fromEntries(
    entries.map(([name, value]): [string, unknown] => [name, /^[[{]/u.test(value) ? JSON.parse(value) : value]),
  );
}

function parseObject(text: string): Json {
  const value: unknown = JSON.parse(text);
  return isJson(value) ? value : {};
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer); // Requests without an encoding give buffers.
  return Buffer.concat(chunks).toString("utf8");
}
