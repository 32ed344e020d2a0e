import type { Answer } from "./bounded-worker.ts";
import { type Lexed, lex } from "./lex.ts";
import type { LexTask } from "./long-text.ts";

addEventListener("message", ({ data: { text, breaks } }: MessageEvent<LexTask>) => {
  postMessage(answerTo(text, breaks));
});

function answerTo(text: string, breaks: boolean): Answer<Lexed> {
  try {
    return { result: lex(text, { breaks }) };
  } catch {
    return { failed: true };
  }
}
