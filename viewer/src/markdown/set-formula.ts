import katex from "katex";

/**
 * What a formula of a stranger may cost and do. KaTeX builds elements, never markup from strings; without `trust` it
 * makes no links, images, classes or data attributes.
 */
const BOUNDS = {
  trust: false,
  strict: "ignore",
  throwOnError: true,
  /** In em: a larger one would only hide the rest of the page. */
  maxSize: 20,
  /** Of macros: the doubling ones reach a million with twenty lines. */
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

export interface FormulaOptions {
  readonly display: boolean;
  /** With `mathml` alone the browser sets it by itself; `htmlAndMathml` needs KaTeX's styles and fonts. */
  readonly output: "mathml" | "htmlAndMathml";
}

/** Null when it is no TeX, or too large. The result says the formula in MathML to those who listen. */
export function setFormula(tex: string, { display, output }: FormulaOptions): Node | null {
  try {
    const options = { ...BOUNDS, output, displayMode: display };
    const built = (katex as unknown as { __renderToDomTree(tex: string, options: object): Built }).__renderToDomTree(
      tex,
      options,
    );
    return withoutStyleAttributes(built) > MAX_ELEMENTS ? null : built.toNode();
  } catch {
    return null;
  }
}

/** Our policies refuse styles in attributes. Those that KaTeX writes there only repeat a width that is given as well. */
function withoutStyleAttributes(node: Built): number {
  if (node.attributes) delete node.attributes.style;
  let count = 1;
  for (const child of node.children ?? []) count += withoutStyleAttributes(child);
  return count;
}
