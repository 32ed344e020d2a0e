/** What is measured, side by side. Each run gives one figure. */
export type Contestants<Name extends string> = Readonly<Record<Name, () => Promise<number>>>;

export type Figures<Name extends string> = Readonly<Record<Name, readonly number[]>>;

/** Fewer say nothing on a machine that does other things too. */
export const MIN_ROUNDS = 5;

/**
 * Runs each contestant once in every round, so that what else the machine does meets all of them alike; who goes first
 * changes from round to round. One round before the first is not counted: it loads and warms what all of them use.
 */
export async function takeRounds<Name extends string>(
  contestants: Contestants<Name>,
  rounds: number = MIN_ROUNDS,
): Promise<Figures<Name>> {
  const entries = Object.entries(contestants) as [Name, () => Promise<number>][];
  const figures = Object.fromEntries(entries.map(([name]) => [name, []])) as unknown as Record<Name, number[]>;
  for (let round = 0; round <= rounds; round += 1) {
    for (let turn = 0; turn < entries.length; turn += 1) {
      const [name, run] = entries[(turn + round) % entries.length] as [Name, () => Promise<number>];
      const figure = await run();
      if (round > 0) figures[name].push(figure);
    }
  }
  return figures;
}

export function median(figures: readonly number[]): number {
  return quantile(figures, 0.5);
}

/** @param share from 0 to 1; between two figures the line between them. Not a number when there are none. */
export function quantile(figures: readonly number[], share: number): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  if (low === undefined || high === undefined) return Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}

/** How long something takes, in milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
