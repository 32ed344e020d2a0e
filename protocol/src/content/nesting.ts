import { LIMITS } from "../wire/limits.ts";

/**
 * Whether lists and objects stand within one another no deeper than is allowed (SPEC C91), in what is kept as it came. What
 * goes through it later, to show it or to hand it to another thread, does so by recursion, and would run out of stack.
 */
export function isShallow(value: unknown): boolean {
  let level = [value].filter(isContainer);
  for (let depth = 0; level.length > 0; depth++) {
    if (depth === LIMITS.nesting) return false;
    level = level.flatMap((container) => Object.values(container).filter(isContainer));
  }
  return true;
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
