import { createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { benchText } from "./conversation.ts";

/** A ChatGPT data export in the shape of the real ones, as large as told. Returns its size in bytes. */
export async function writeExport(path: string, { bytes }: { bytes: number }): Promise<number> {
  await pipeline(Readable.from(exported(bytes)), createWriteStream(path));
  return (await stat(path)).size;
}

function* exported(bytes: number): Generator<string> {
  let written = 0;
  for (let number = 0; written < bytes; number += 1) {
    const text = `${number === 0 ? "[" : ",\n"}${JSON.stringify(conversation(number, 20 + (number % 60)))}`;
    written += text.length;
    yield text;
  }
  yield "]";
}

/** One conversation: a line of turns from a root without a message. */
export function conversation(number: number, turns: number) {
  const id = (at: number) => `node-${number}-${at}`;
  const nodes = Array.from({ length: turns }, (_, at) => ({
    id: id(at),
    parent: at === 0 ? "root" : id(at - 1),
    children: at === turns - 1 ? [] : [id(at + 1)],
    message: {
      id: id(at),
      author: { role: at % 2 === 0 ? "user" : "assistant", name: null, metadata: {} },
      create_time: 1_700_000_000 + number * 1_000 + at,
      update_time: null,
      content: { content_type: "text", parts: [benchText(number + at)] },
      status: "finished_successfully",
      end_turn: true,
      weight: 1,
      metadata: at % 2 === 0 ? {} : { model_slug: "gpt-4o", finish_details: { type: "stop" } },
      recipient: "all",
    },
  }));
  const root = { id: "root", parent: null, children: [id(0)], message: null };
  return {
    title: `Night ${number}`,
    create_time: 1_700_000_000 + number * 1_000,
    update_time: 1_700_000_000 + number * 1_000 + turns,
    mapping: Object.fromEntries([root, ...nodes].map((node) => [node.id, node])),
    current_node: id(turns - 1),
    conversation_id: `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
  };
}
