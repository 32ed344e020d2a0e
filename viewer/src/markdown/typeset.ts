import "katex/dist/katex.min.css";
import { setFormula } from "./set-formula.ts";

/** Null when it is no TeX, or too large. */
export function typeset(tex: string, { display }: { display: boolean }): Node | null {
  return setFormula(tex, { display, output: "htmlAndMathml" });
}
