import { expect, it } from "vitest";
import { utf8 } from "../bytes.ts";
import { createKeyringKey, openKeyring, sealKeyring } from "./sealed-keyring.ts";

it("Y4: what was sealed for one use opens for no other, also with its key", async () => {
  const [key, body] = [await createKeyringKey("a passphrase"), utf8("keys")];
  for (const [use, other] of [["synced", "file"] as const, ["file", "synced"] as const]) {
    const sealed = await sealKeyring({ key, use, body });
    expect(await openKeyring({ key, use, sealed })).toEqual(body);
    await expect(openKeyring({ key, use: other, sealed })).rejects.toMatchObject({ code: "unsupported_kind" });
  }
});
