import { expect, it } from "vitest";
import { utf8 } from "../bytes.ts";
import { createIdentity, type StoredIdentity } from "../identity.ts";
import { openBequest, sealBequest } from "./bequest.ts";

/** The highest bit of an Ed25519 key is the sign of x, which the other form of the curve has not. */
async function withSign(sign: 0 | 1): Promise<StoredIdentity> {
  for (;;) {
    const { stored } = await createIdentity();
    if ((stored.publicKey[31] ?? 0) >> 7 === sign) return stored;
  }
}

it.each([0, 1] as const)("H9: opens for whom it was sealed to, whatever the sign of their key: %i", async (sign) => {
  const [mine, other] = [await withSign(sign), await withSign(sign)];
  const [offer, body] = [utf8("an offer"), utf8("keys")];
  const sealed = await sealBequest({ offer, to: mine.publicKey, body });
  expect(await openBequest({ offer, mine, sealed })).toEqual(body);
  const refused = { code: "wrong_key" };
  await expect(openBequest({ offer, mine: other, sealed })).rejects.toMatchObject(refused);
  await expect(openBequest({ offer: utf8("another"), mine, sealed })).rejects.toMatchObject(refused);
});
