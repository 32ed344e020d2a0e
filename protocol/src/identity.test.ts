import { describe, expect, it } from "vitest";
import { createIdentity, loadIdentity, senderIdOf, supportsProtocol } from "./identity.ts";

describe("an identity", () => {
  it("I4: comes back from what is stored of it", async () => {
    const { identity, stored } = await createIdentity();
    const loaded = await loadIdentity(stored);
    expect(loaded.sender).toBe(identity.sender);
    expect(loaded.sender).toBe(await senderIdOf(stored.publicKey));
    expect(loaded.privateKey.extractable).toBe(false);
  });

  it("I4: halves of two identities are refused", async () => {
    const [one, other] = await Promise.all([createIdentity(), createIdentity()]);
    const mixed = { privateKey: one.stored.privateKey, publicKey: other.stored.publicKey };
    await expect(loadIdentity(mixed)).rejects.toMatchObject({ code: "malformed" });
  });

  it("V3: a platform is asked whether it has Ed25519", async () => {
    expect(await supportsProtocol()).toBe(true);
  });
});
