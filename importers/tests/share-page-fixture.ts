/** Builds share pages of ChatGPT's shape for tests: the page's data, flattened as turbo-stream does, in scripts. */

/** A value as a flat list: records and lists hold indices, keys are `_` and the index of the key, null is -5. */
export function flattened(value: unknown): unknown[] {
  const flat: unknown[] = [];
  const known = new Map<unknown, number>();
  const put = (one: unknown): number => {
    if (one === null) return -5;
    if (one === undefined) return -7;
    const before = known.get(one);
    if (before !== undefined) return before;
    const index = flat.length;
    known.set(one, index);
    flat.push(one);
    if (Array.isArray(one)) flat[index] = one.map(put);
    else if (typeof one === "object") {
      flat[index] = Object.fromEntries(Object.entries(one).map(([key, inner]) => [`_${put(key)}`, put(inner)]));
    }
    return index;
  };
  put(value);
  return flat;
}

/** The page around what its scripts put into the stream. */
export function pageOf(...enqueued: string[]): string {
  const scripts = enqueued.map(
    (chunk) =>
      `<script nonce="a">window.__reactRouterContext.streamController.enqueue(${JSON.stringify(chunk).replaceAll("<", "\\\\u003c")});</script>`,
  );
  return `<!DOCTYPE html><html><head><title>ChatGPT</title></head><body><div id="root">Rye</div>
<script>window.__reactRouterContext = {"basename":"/"};</script>
${scripts.join("\n")}
<script>window.__reactRouterContext.streamController.close();</script></body></html>`;
}

export function sharePage(data: unknown): string {
  const routes = {
    root: { locale: "en", flags: [true, null, 1.5] },
    "routes/share.$shareId.($action)": { sharedConversationId: "5d2f", serverResponse: { type: "data", data } },
  };
  return pageOf(`${JSON.stringify(flattened({ loaderData: routes, actionData: null, errors: null }))}\n`);
}
