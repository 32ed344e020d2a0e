import * as v from "valibot";
import { type Address, parseAddress } from "../address.ts";
import { GoogleError } from "./google-error.ts";

/** Somebody whom Google has vouched for. */
export interface GooglePerson {
  /** Google's name for the person, which never changes and is never another's. */
  readonly subject: string;
  /** To show; what Google calls the person's address. */
  readonly address: Address;
  /** The address, if Google gives it out and so knows whose it is; null if it only once saw a mail answered. */
  readonly provenAddress: Address | null;
}

/** In tokeninfo's answers everything is text. */
const truth = v.union([v.literal(true), v.literal("true")]);

export const personClaims = v.object({
  sub: v.pipe(v.string(), v.minLength(1), v.maxLength(255)),
  email: v.string(),
  email_verified: truth,
  /** The organisation whose addresses Google keeps. */
  hd: v.exactOptional(v.string()),
});

/** @throws GoogleError `refused` */
export function personOf(claims: unknown): GooglePerson {
  const parsed = v.safeParse(personClaims, claims);
  if (!parsed.success) throw new GoogleError("refused", "Google has not confirmed the address of this account.");
  const { sub, email, hd } = parsed.output;
  const address = parseAddress(email);
  if (address === null) throw new GoogleError("refused", "The address of this Google account cannot be read.");
  // "Sign in with Google: Verify the Google ID token": Google is authoritative for @gmail.com, and where hd is set.
  const proven = hd !== undefined || /@(?:gmail|googlemail)\.com$/.test(address);
  return { subject: sub, address, provenAddress: proven ? address : null };
}
