import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const DEMO = fileURLToPath(new URL("../../scripts/demo-slack.mjs", import.meta.url));

test("the demo walks the whole way and says so with its exit code", async () => {
  const child = spawn(process.execPath, [DEMO, "--once", "--built"], { stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
    });
  }
  const [code] = await once(child, "close");
  expect(printed).toContain("the link opens with its key");
  expect(printed).toContain("it unfurls");
  expect(printed).toContain("say 7 messages now");
  expect(code, printed).toBe(0);
});
