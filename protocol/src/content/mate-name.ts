import { lookOf } from "./look.ts";

/** Whom a mention calls. Apart from `mention.ts`, so that who shows the name needs no markdown lexer. */
export const MATE_NAME = "OpenMates";

/**
 * Whether people would take somebody of that name for the mate. Nobody may join under such a name, and where somebody
 * bears it all the same it is marked: only answers that the service has signed are the mate's.
 */
export function resemblesMate(name: string): boolean {
  return lookOf(name).replace(/\P{L}/gu, "").includes("openmate");
}
