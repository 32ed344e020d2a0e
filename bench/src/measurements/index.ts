import type { Measurement } from "../measurement.ts";
import { bundle } from "./bundle.ts";
import { firstMessage } from "./first-message.ts";
import { previews } from "./previews.ts";
import { refusals } from "./refusals.ts";
import { scrolling } from "./scrolling.ts";

export const MEASUREMENTS: readonly Measurement[] = [bundle, refusals, previews, firstMessage, scrolling];
