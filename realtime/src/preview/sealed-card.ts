import * as v from "valibot";
import { type Vault, VaultError } from "../vault/vault.ts";

/** The vault's key for what owners show on cards. */
const KEY = "shared-content-metadata";

/** A card as the database keeps it; `of` is the id of what it is about. */
export function sealCard(vault: Vault, { of, card }: { of: string; card: object }): Promise<Uint8Array<ArrayBuffer>> {
  return vault.seal({ key: KEY, context: of, plaintext: Buffer.from(JSON.stringify(card)) });
}

/** A card that does not open, because its key was taken out of the vault, is no card: the page must still be there. */
export async function openCard<Schema extends v.GenericSchema>(
  vault: Vault,
  { of, schema, sealed }: { of: string; schema: Schema; sealed: Uint8Array },
): Promise<v.InferOutput<Schema> | null> {
  try {
    const opened = await vault.open({ key: KEY, context: of, sealed });
    return v.parse(schema, JSON.parse(Buffer.from(opened).toString()));
  } catch (error) {
    if (error instanceof VaultError) return null;
    throw error;
  }
}
