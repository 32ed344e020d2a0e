import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const SOURCE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly target: readonly unknown[] }[];
}

/** Runs axe in a page; by the debugger's door, since the page itself allows no foreign script. */
export class Axe {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** What is serious or critical, as `rule: where`. */
  async serious(): Promise<string[]> {
    return this.#violations(["serious", "critical"]);
  }

  /** That, and what is moderate: landmarks, the order of headings. */
  async moderate(): Promise<string[]> {
    return this.#violations(["moderate", "serious", "critical"]);
  }

  async #violations(impacts: readonly string[]): Promise<string[]> {
    // Half faded in, nothing has contrast. What goes on for ever fades nothing.
    await this.#page.evaluate(() =>
      Promise.allSettled(
        document
          .getAnimations()
          .filter(({ playState }) => playState === "running")
          .filter(({ effect }) => effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY)
          .map(({ finished }) => finished),
      ),
    );
    await this.#page.evaluate(SOURCE);
    const violations = await this.#page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: { run: () => Promise<{ violations: Violation[] }> } };
      return (await axe.run()).violations;
    });
    return violations
      .filter(({ impact }) => impact !== null && impacts.includes(impact))
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
  }
}
