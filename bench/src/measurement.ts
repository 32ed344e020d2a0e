import type { Row } from "./row.ts";
import type { World } from "./world.ts";

/** One file of `measurements/`. */
export interface Measurement {
  /** What it is called on the command line. */
  readonly name: string;
  readonly title: string;
  run(world: World): Promise<readonly Row[]>;
}
