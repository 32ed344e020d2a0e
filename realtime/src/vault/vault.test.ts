import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fixedKeys, Vault, type VaultKey } from "./vault.ts";
import { openVaultKeys, parseVaultKeys } from "./vault-keys.ts";

const name = "shared-content-metadata";
const plaintext = Buffer.from("a title");

function key(version: number): VaultKey {
  return { version, key: randomBytes(32) };
}

describe("the vault", () => {
  test("opens what it has sealed, and never seals alike twice", async () => {
    const vault = new Vault(fixedKeys([key(1)]));
    const [one, two] = [
      await vault.seal({ key: name, context: "c", plaintext }),
      await vault.seal({ key: name, context: "c", plaintext }),
    ];
    expect(Buffer.from(one).equals(two)).toBe(false);
    expect(Buffer.from(await vault.open({ key: name, context: "c", sealed: one })).equals(plaintext)).toBe(true);
  });

  test("opens nothing under another name or context, and nothing altered in any byte", async () => {
    const vault = new Vault(fixedKeys([key(1)]));
    const sealed = await vault.seal({ key: name, context: "c", plaintext });
    await expect(vault.open({ key: "service-signing-key", context: "c", sealed })).rejects.toMatchObject({
      code: "cannot_open",
    });
    await expect(vault.open({ key: name, context: "d", sealed })).rejects.toMatchObject({ code: "cannot_open" });
    for (let at = 0; at < sealed.length; at++) {
      const altered = Uint8Array.from(sealed, (byte, i) => (i === at ? byte ^ 1 : byte));
      const code = at < 4 ? "unknown_version" : "cannot_open";
      await expect(vault.open({ key: name, context: "c", sealed: altered })).rejects.toMatchObject({ code });
    }
    await expect(vault.open({ key: name, context: "c", sealed: sealed.slice(0, 31) })).rejects.toMatchObject({
      code: "cannot_open",
    });
  });

  test("seals under the newest key and opens under every one it has", async () => {
    const [old, fresh] = [key(1), key(2)];
    const sealed = await new Vault(fixedKeys([old])).seal({ key: name, context: "c", plaintext });
    const rotated = new Vault(fixedKeys([fresh, old]));
    expect(Buffer.from(await rotated.open({ key: name, context: "c", sealed })).equals(plaintext)).toBe(true);
    const again = await rotated.seal({ key: name, context: "c", plaintext });
    await expect(new Vault(fixedKeys([old])).open({ key: name, context: "c", sealed: again })).rejects.toMatchObject({
      code: "unknown_version",
    });
  });
});

describe("vault keys", () => {
  const base64 = randomBytes(32).toString("base64");

  test("come from the environment, one or several", () => {
    expect(parseVaultKeys(base64)).toEqual([{ version: 1, key: new Uint8Array(Buffer.from(base64, "base64")) }]);
    expect(parseVaultKeys(`v2:${base64}, v1:${base64}`).map(({ version }) => version)).toEqual([2, 1]);
  });

  test.each([
    "",
    "short",
    `${base64}${base64}`,
    `v0:${base64}`,
    `v1:${base64},v1:${base64}`,
    `x:${base64}`,
    `${base64},`,
  ])("are refused when they are not as described, without being quoted: %#", (text) => {
    let message = "";
    try {
      parseVaultKeys(text);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toContain("cannot be read");
    expect(message).not.toContain(base64);
  });

  test("are made once, for their owner alone, also when many processes start at once", async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "share-vault-"));
    const sources = await Promise.all(Array.from({ length: 8 }, () => openVaultKeys({ given: null, dataDir })));
    const keys = await Promise.all(sources.map((source) => source.keys()));
    expect(new Set(keys.map((loaded) => JSON.stringify(loaded))).size).toBe(1);
    expect((await stat(join(dataDir, "vault.key"))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(dataDir, "vault.key"), "utf8")).toMatch(/^v1:[\w+/]{43}=\n$/);
    await rm(dataDir, { recursive: true });
  });
});
