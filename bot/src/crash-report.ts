import { cutFragments } from "./firewall/cut-fragments.ts";
import { describeError } from "./quiet-logger.ts";

/** Enough to find the place. */
const FRAMES = 8;

/**
 * What the log says of an error that nobody caught, before the program ends. Node itself would print the whole of it: message,
 * cause and what hangs on it, which may be somebody's message with a link in it.
 */
export function reportCrash(error: unknown): string {
  const frames = error instanceof Error ? framesOf(error) : [];
  return [`bot error The program ends: ${describeError(error)}`, ...frames].join("\n");
}

/** `at name (file:///…:1:2)`, in our files, libraries' or Node's own. */
const PLACE = /^ {4}at (?:[\w.<>[\] #]+ \()?(?:file:\/\/|node:|\/)[^\s"'`]*:\d+:\d+\)?$/u;

/** Only the places: the stack begins with the message, of any number of lines. */
function framesOf({ stack = "" }: Error): string[] {
  const places = stack.split("\n").filter((line) => PLACE.test(line));
  return places.slice(0, FRAMES).map((line) => cutFragments(line));
}
