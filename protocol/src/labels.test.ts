import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { fromUtf8 } from "./bytes.ts";
import { LABELS, label } from "./labels.ts";

const names = Object.keys(LABELS) as (keyof typeof LABELS)[];

it("L1: no label is the beginning of another", () => {
  const texts = names.map((name) => fromUtf8(label(name)));
  for (const text of texts) {
    expect(texts.filter((other) => other.startsWith(text))).toEqual([text]);
    expect(text).toMatch(/^openmates-share v1 [a-z ]+\0$/);
  }
});

it("L1: the specification lists every label", () => {
  const spec = readFileSync(new URL("../SPEC.md", import.meta.url), "utf8");
  for (const name of names) expect(spec).toMatch(new RegExp(`\\| \`${LABELS[name]}\` +\\|`));
});
