import { sentenceOf } from "./problem.tsx";
import { toast } from "./toasts.tsx";

/** Says what went wrong with something that no part of the screen stands for any more. */
export function complain(error: unknown): void {
  toast(sentenceOf(error));
}
