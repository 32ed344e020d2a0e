import type { Measurement } from "../measurement.ts";
import { bundle } from "./bundle.ts";
import { firstMessage } from "./first-message.ts";
import { imports } from "./imports.ts";
import { opening } from "./opening.ts";
import { previews } from "./previews.ts";
import { refusals } from "./refusals.ts";
import { scrolling } from "./scrolling.ts";
import { uploads } from "./uploads.ts";

export const MEASUREMENTS: readonly Measurement[] = [
  bundle,
  refusals,
  previews,
  opening,
  firstMessage,
  scrolling,
  imports,
  uploads,
];
