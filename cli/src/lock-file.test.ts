import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withLockFile } from "./lock-file.ts";

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "omshare-"));
  path = join(directory, "a.lock");
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

describe("a lock", () => {
  it("lets one in at a time, and leaves nothing behind, failed work included", async () => {
    let inside = 0;
    const enter = async (index: number) => {
      expect(++inside).toBe(1);
      await writeFile(join(directory, "work"), String(index));
      inside--;
      if (index % 3 === 0) throw new Error("failed");
      return index;
    };
    const all = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) => withLockFile(path, () => enter(index))),
    );
    expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(6);
    expect(await readdir(directory)).toEqual(["work"]);
  });

  it("is passed over when its holder has gone", async () => {
    await writeFile(path, "somebody");
    const long = new Date(Date.now() - 60_000);
    await utimes(path, long, long);
    expect(await withLockFile(path, async () => "in")).toBe("in");
  });
});
