import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fileStore, homeDirectory } from "./file-store.ts";

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "omshare-"));
});
afterEach(async () => {
  await rm(home, { recursive: true });
});

const bytes = (...values: number[]) => new Uint8Array(values);
const storeOf = (server: string) => fileStore({ home: join(home, "keys"), server });

describe("a store of secrets in files", () => {
  it("gives back what was set last, under any name", async () => {
    const store = storeOf("http://a.example");
    for (const name of ["device", "chat/AbC", "../../escape", "ü\0 %2F"]) {
      expect(await store.get(name)).toBeNull();
      await store.set(name, bytes(1));
      await store.set(name, bytes(2, 3));
      expect(await store.get(name)).toEqual(bytes(2, 3));
    }
    expect([...(await store.names("chat/"))]).toEqual(["chat/AbC"]);
    expect(await store.names("")).toHaveLength(4);
    await store.delete("device");
    await store.delete("device");
    expect(await store.get("device")).toBeNull();
  });

  it("lets nobody else read: files 0600 in a directory 0700, and nothing else left behind", async () => {
    const store = storeOf("http://a.example");
    await store.set("device", bytes(1));
    await store.set("device", bytes(2));
    const [directory = ""] = await readdir(join(home, "keys"));
    const files = await readdir(join(home, "keys", directory));
    expect(files).toEqual(["device.key"]);
    expect((await stat(join(home, "keys", directory))).mode & 0o777).toBe(0o700);
    expect((await stat(join(home, "keys", directory, "device.key"))).mode & 0o777).toBe(0o600);
  });

  it("keeps servers apart", async () => {
    await storeOf("http://a.example").set("device", bytes(1));
    for (const other of ["https://a.example", "http://a.example:81", "http://a.example/sub"]) {
      expect(await storeOf(other).get("device")).toBeNull();
    }
    expect(await storeOf("http://a.example").get("device")).toEqual(bytes(1));
  });

  it("is whole under writes at the same time", async () => {
    const store = storeOf("http://a.example");
    const values = Array.from({ length: 20 }, (_, index) => new Uint8Array(5000).fill(index));
    await Promise.all(values.map((value) => store.set("device", value)));
    const kept = await store.get("device");
    expect(values.some((value) => kept?.every((byte, index) => byte === value[index]))).toBe(true);
  });
});

describe("the place of the keys", () => {
  it.each([
    [{ OMSHARE_HOME: "/keys", XDG_DATA_HOME: "/data" }, /^\/keys$/],
    [{ XDG_DATA_HOME: "/data" }, /^\/data\/omshare$/],
    [{ XDG_DATA_HOME: "relative" }, /^\/.*\.local\/share\/omshare$/],
    [{}, /^\/.*\.local\/share\/omshare$/],
  ])("with %j is %s", (env, expected) => {
    expect(homeDirectory(env)).toMatch(expected);
  });
});
