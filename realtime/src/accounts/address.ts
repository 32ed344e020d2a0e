/** An e-mail address as it is compared: trimmed, NFC, its domain in ASCII, all in small letters. Never logged. */
export type Address = string & { readonly kindOf: "address" };

/** RFC 5321 section 4.5.3.1.3, without the angle brackets. */
const LONGEST = 254;
/** RFC 5321 section 4.5.3.1.1. */
const LONGEST_LOCAL = 64;
const LOCAL = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

/**
 * Reads an address as people type it; null for what is none. Quoted local parts, address literals and comments, which RFC
 * 5322 allows and nobody has, are none: so nothing in an address can mean anything to a header, a list or a command line.
 * Case is ignored in front of the @ too: two people whose addresses differ in case alone do not exist in practice, one
 * person who types it both ways does.
 */
export function parseAddress(text: string): Address | null {
  const trimmed = text.normalize("NFC").trim();
  const at = trimmed.lastIndexOf("@");
  const local = trimmed.slice(0, Math.max(at, 0)).toLowerCase();
  const domain = asciiDomain(trimmed.slice(at + 1));
  if (Buffer.byteLength(local) > LONGEST_LOCAL || !LOCAL.test(local) || domain === null) return null;
  const address = `${local}@${domain}`;
  return Buffer.byteLength(address) > LONGEST ? null : (address as Address);
}

/** International names as mail servers look them up; null for what is no name. */
function asciiDomain(domain: string): string | null {
  // The parser of URLs takes much that is no mail domain: ports, paths, numbers, escapes.
  if (!/^[\p{L}\p{M}\p{N}.-]+$/u.test(domain) || !URL.canParse(`http://${domain}`)) return null;
  const { hostname } = new URL(`http://${domain}`);
  return DOMAIN.test(hostname) ? hostname : null;
}
