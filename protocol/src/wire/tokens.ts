import { type Bytes, concat, fromBase64url, toBase64url } from "../bytes.ts";
import { ID_LENGTH, idBytes, idFromBytes, type LinkId } from "./ids.ts";

/** Bearers begin with what they are, so that secret scanners can name them and nobody mixes them up. */
const LINK_PREFIX = "oms_link_";
export const SESSION_PREFIX = "oms_session_";

/** base64url of 16 + 32 bytes. */
const LINK_CHARACTERS = 64;

/** What a reader sends as `Authorization: Bearer …`: which link, and the proof of holding its key. */
export interface LinkAccess {
  readonly link: LinkId;
  /** 32 bytes. */
  readonly token: Bytes;
}

export function bearerOfLink(access: LinkAccess): string {
  return LINK_PREFIX + toBase64url(concat(idBytes(access.link), access.token));
}

/** Returns null for anything that is not such a bearer. */
export function parseLinkBearer(bearer: string): LinkAccess | null {
  if (!bearer.startsWith(LINK_PREFIX)) return null;
  if (bearer.length !== LINK_PREFIX.length + LINK_CHARACTERS) return null;
  const bytes = fromBase64url(bearer.slice(LINK_PREFIX.length));
  if (bytes?.length !== ID_LENGTH + 32) return null;
  return { link: idFromBytes<LinkId>(bytes.subarray(0, ID_LENGTH)), token: bytes.slice(ID_LENGTH) };
}
