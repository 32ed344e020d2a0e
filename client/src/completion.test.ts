import { afterEach, expect, it, vi } from "vitest";
import { complete, type ModelNews } from "./completion.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

/** What the frame tells of an endpoint that answers this. */
async function newsOf(answer: Response | Error): Promise<ModelNews[]> {
  vi.stubGlobal("fetch", async () => {
    if (answer instanceof Error) throw answer;
    return answer;
  });
  const news: ModelNews[] = [];
  const request = { address: "https://model.example/v1", key: null, model: "m", messages: [] };
  await complete(request, { signal: new AbortController().signal, tell: (one) => void news.push(one) });
  return news;
}

const chunk = (content: string | null, finish: string | null = null) =>
  `data: ${JSON.stringify({ choices: [{ delta: { content }, finish_reason: finish }] })}\n\n`;

it.each([
  ["an answer", chunk("Hel") + chunk("lo") + chunk(null, "stop"), ["Hel", "lo", "complete"]],
  ["one that ran into the limit", chunk("Hel") + chunk(null, "length"), ["Hel", "length"]],
  [
    "comments, other line ends and a bare end",
    `: hi\r\n\r\n${chunk("Hi").replaceAll("\n", "\r\n")}data: [DONE]\r\n\r\n`,
    ["Hi", "complete"],
  ],
  ["one that breaks off", chunk("Hel"), ["Hel", "other"]],
  ["no JSON", "data: {oops\n\n", ["other"]],
])("%s", async (_, body, said) => {
  const news = await newsOf(new Response(body));
  expect(news.map((one) => (one.type === "piece" ? one.text : one.type === "end" ? one.ended : one.fault))).toEqual(
    said,
  );
});

it.each([
  [new TypeError("Failed to fetch"), "unreachable"],
  [new Response("", { status: 401 }), "refused_key"],
  [new Response("", { status: 500 }), "other"],
] as const)("%s is %s", async (answer, fault) => {
  expect(await newsOf(answer)).toEqual([{ type: "failed", fault }]);
});
