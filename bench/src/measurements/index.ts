import type { Measurement } from "../measurement.ts";
import { answers } from "./answers.ts";
import { bundle } from "./bundle.ts";
import { connections } from "./connections.ts";
import { deliveries } from "./deliveries.ts";
import { firstMessage } from "./first-message.ts";
import { imports } from "./imports.ts";
import { joins } from "./joins.ts";
import { latency } from "./latency.ts";
import { opening } from "./opening.ts";
import { previews } from "./previews.ts";
import { producers } from "./producers.ts";
import { refusals } from "./refusals.ts";
import { scrolling } from "./scrolling.ts";
import { storing } from "./storing.ts";
import { uploads } from "./uploads.ts";

export const MEASUREMENTS: readonly Measurement[] = [
  bundle,
  refusals,
  previews,
  storing,
  producers,
  deliveries,
  latency,
  connections,
  joins,
  answers,
  opening,
  firstMessage,
  scrolling,
  imports,
  uploads,
];
