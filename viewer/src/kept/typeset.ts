import katex from "katex";

/** As in the viewer; MathML alone, which browsers set themselves: no fonts and no styles have to be in the file. */
const BOUNDS = {
  output: "mathml",
  trust: false,
  strict: "ignore",
  throwOnError: true,
  maxSize: 20,
  maxExpand: 300,
} as const;

/** Elements that one formula may become: beyond it the page gets slow. */
const MAX_ELEMENTS = 5_000;

/** KaTeX's own nodes, before they are elements. */
interface Built {
  readonly attributes?: Record<string, string>;
  readonly children?: readonly Built[];
  toNode(): Node;
}

/** In the place of the viewer's. Null when it is no TeX, or too large. */
export function typeset(tex: string, { display }: { display: boolean }): Node | null {
  try {
    const options = { ...BOUNDS, displayMode: display };
    const built = (katex as unknown as { __renderToDomTree(tex: string, options: object): Built }).__renderToDomTree(
      tex,
      options,
    );
    return withoutStyles(built) > MAX_ELEMENTS ? null : built.toNode();
  } catch {
    return null;
  }
}

/** The page's policy refuses styles in attributes. */
function withoutStyles(node: Built): number {
  if (node.attributes) delete node.attributes.style;
  let count = 1;
  for (const child of node.children ?? []) count += withoutStyles(child);
  return count;
}
