/** What is asked of any OpenAI-compatible endpoint. */
export interface ModelRequest {
  /** Up to `/v1`, without a slash at the end. */
  readonly address: string;
  readonly key: string | null;
  readonly model: string;
  readonly messages: readonly { readonly role: "system" | "user" | "assistant"; readonly content: string }[];
}

/** What comes of it, in order. */
export type ModelNews =
  | { readonly type: "piece"; readonly text: string }
  | { readonly type: "end"; readonly ended: "complete" | "length" }
  | { readonly type: "failed"; readonly fault: "unreachable" | "refused_key" | "other" };

/** Lets the model write; tells all it says, and how it ended. Never throws. */
export async function complete(
  request: ModelRequest,
  options: { signal: AbortSignal; tell: (news: ModelNews) => void },
): Promise<void> {
  const { signal, tell } = options;
  let response: Response;
  try {
    response = await ask(request, signal);
  } catch {
    return tell({ type: "failed", fault: "unreachable" });
  }
  if (!response.ok || !response.body) {
    const refused = response.status === 401 || response.status === 403;
    return tell({ type: "failed", fault: refused ? "refused_key" : "other" });
  }
  try {
    tell({ type: "end", ended: await readAll(response.body, tell) });
  } catch {
    tell({ type: "failed", fault: "other" });
  }
}

function ask({ address, key, model, messages }: ModelRequest, signal: AbortSignal): Promise<Response> {
  return fetch(`${address}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(key !== null && { authorization: `Bearer ${key}` }) },
    body: JSON.stringify({ model, messages, stream: true }),
    credentials: "omit",
    referrerPolicy: "no-referrer",
    // Another address than the one that was chosen is none that was allowed.
    redirect: "error",
    signal,
  });
}

/** Server-sent events: lines of `data: {…}`. @throws Error when the stream ends before the model has */
async function readAll(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  tell: (news: ModelNews) => void,
): Promise<"complete" | "length"> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    const lines = (rest + chunk.value).split(/\r?\n/);
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const { text, ended } = partOf(line);
      if (text) tell({ type: "piece", text });
      if (ended) return ended;
    }
  }
  throw new Error("The stream broke off.");
}

function partOf(line: string): { text: string; ended: "complete" | "length" | null } {
  const data = /^data:\s*(.*)$/.exec(line)?.[1] ?? "";
  if (data === "[DONE]") return { text: "", ended: "complete" };
  if (data === "") return { text: "", ended: null };
  const chunk = JSON.parse(data) as { choices?: { delta?: { content?: unknown }; finish_reason?: unknown }[] };
  const choice = chunk.choices?.[0];
  const content = choice?.delta?.content;
  const reason = choice?.finish_reason;
  const ended = reason === "length" ? "length" : typeof reason === "string" ? "complete" : null;
  return { text: typeof content === "string" ? content : "", ended };
}
