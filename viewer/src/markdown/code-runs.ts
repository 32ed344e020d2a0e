import type { Run } from "./highlight.ts";

/** What highlight.js's emitter keeps: not part of its promises, so it is read as something unknown. */
interface ScopeNode {
  readonly scope?: unknown;
  readonly children?: unknown;
}

/** Stretches of code out of what highlight.js's emitter has built. */
export function runsOf(root: unknown): readonly Run[] {
  const runs: Run[] = [];
  const add = (text: string, scope: string | null) => {
    const last = runs.at(-1);
    if (scope !== null) runs.push([scope, text]);
    else if (typeof last === "string") runs[runs.length - 1] = last + text;
    else runs.push(text);
  };
  const walk = (node: unknown, scope: string | null) => {
    if (typeof node === "string") return add(node, scope);
    const { scope: own, children } = node as ScopeNode;
    const name = typeof own === "string" && !own.startsWith("language:") ? plainName(own) : null;
    for (const child of Array.isArray(children) ? children : []) walk(child, name ?? scope);
  };
  walk(root, null);
  return runs;
}

/** `title.function` is a title; only letters become part of a class. */
function plainName(scope: string): string {
  return /^[a-z]+/.exec(scope)?.[0] ?? "plain";
}
