import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { checkVector, READ_ELSEWHERE, type VectorFile } from "./vector-checks.ts";

const folder = new URL("../vectors/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));

for (const file of files.filter((name) => !READ_ELSEWHERE.has(name))) {
  const sections = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as VectorFile;
  describe.each(Object.entries(sections))(`${file} %s`, (section, vectors) => {
    it.each(vectors.map((vector) => [vector.rule, vector.name, vector.error ?? "read", vector] as const))(
      "%s: %s (%s)",
      async (_rule, _name, _outcome, vector) => {
        expect(await checkVector(`${file.replace(".json", "")}/${section}`, vector)).toBeNull();
      },
    );
  });
}

describe("the vectors", () => {
  it("name rules that the specification has", () => {
    const spec = readFileSync(new URL("../SPEC.md", folder), "utf8");
    const rules = new Set(Array.from(spec.matchAll(/^- \*\*([A-Z]\d+)\*\*/gm), ([, rule]) => rule));
    for (const file of files) {
      const sections = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as VectorFile;
      for (const { rule, name } of Object.values(sections).flat()) expect(rules, `${file}: ${name}`).toContain(rule);
    }
  });

  it("are what the independent generator makes", () => {
    const generator = fileURLToPath(new URL("generate.mjs", folder));
    const { status, stderr } = spawnSync(process.execPath, [generator], { encoding: "utf8" });
    expect(stderr).toBe("");
    expect(status).toBe(0);
  });
});
