import { type Bytes, concat, fromBase64url, toBase64url } from "../bytes.ts";
import { ID_LENGTH, idBytes, idFromBytes, type LinkId } from "./ids.ts";

/** Bearers begin with what they are, so that secret scanners can name them and nobody mixes them up. */
const LINK_PREFIX = "oms_link_";
export const SESSION_PREFIX = "oms_session_";

/** 16 + 32 bytes, or 16 more with a ticket. */
const TOKEN_LENGTH = 32;
export const TICKET_LENGTH = 16;

/** What a reader sends as `Authorization: Bearer …`: which link, and the proof of holding its key. */
export interface LinkAccess {
  readonly link: LinkId;
  /** 32 bytes. */
  readonly token: Bytes;
  /** 16 random bytes of this device's, which a view was counted for; null for a device that counted none. */
  readonly ticket?: Bytes | null;
}

export function bearerOfLink({ link, token, ticket }: LinkAccess): string {
  return LINK_PREFIX + toBase64url(concat(idBytes(link), token, ticket ?? new Uint8Array(0)));
}

/** Returns null for anything that is not such a bearer. */
export function parseLinkBearer(bearer: string): LinkAccess | null {
  if (!bearer.startsWith(LINK_PREFIX) || bearer.length > 200) return null;
  const bytes = fromBase64url(bearer.slice(LINK_PREFIX.length));
  const proof = ID_LENGTH + TOKEN_LENGTH;
  if (bytes?.length !== proof && bytes?.length !== proof + TICKET_LENGTH) return null;
  return {
    link: idFromBytes<LinkId>(bytes.subarray(0, ID_LENGTH)),
    token: bytes.slice(ID_LENGTH, proof),
    ticket: bytes.length > proof ? bytes.slice(proof) : null,
  };
}
