import { setFormula } from "../markdown/set-formula.ts";

/** In the place of the viewer's: MathML alone, so that no fonts and no styles have to be in the file. Null when it is no TeX, or too large. */
export function typeset(tex: string, { display }: { display: boolean }): Node | null {
  return setFormula(tex, { display, output: "mathml" });
}
