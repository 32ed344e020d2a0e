import { type Bytes, concat, randomBytes, utf8 } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import { label } from "../labels.ts";
import { hkdf, importAesKey, KEY_LENGTH, pbkdf2, sha256 } from "../primitives.ts";
import { type ChatId, type EmbedId, ID_LENGTH, idBytes, idFromBytes, type LinkId } from "../wire/ids.ts";
import { TICKET_LENGTH } from "../wire/tokens.ts";

/** OWASP's floor for PBKDF2-HMAC-SHA-256 (Password Storage Cheat Sheet, 2023). Fixed by the protocol: nobody can lower it. */
const PASSWORD_ITERATIONS = 600_000;

/** What a link key proves to the server; the same with and without a password. */
export interface LinkIdentity {
  readonly link: LinkId;
  /** 32 bytes: sent as a bearer. */
  readonly token: Bytes;
  /** SHA-256 of the token: what the server keeps. */
  readonly tokenHash: Bytes;
}

/** Opens and makes the wrapped keys of one link. Kept on devices, so that a new epoch asks nobody for the password again. */
export interface WrapKey {
  /** 32 bytes. */
  readonly raw: Bytes;
  readonly key: CryptoKey;
}

export function createLinkKey(): Bytes {
  return randomBytes(KEY_LENGTH);
}

/** @throws ProtocolError `malformed` unless the key has 32 bytes. */
export async function identifyLink(options: { linkKey: Bytes; subject: ChatId | EmbedId }): Promise<LinkIdentity> {
  const { linkKey, subject } = options;
  requireLinkKey(linkKey);
  const salt = idBytes(subject);
  const [link, token] = await Promise.all([
    hkdf({ key: linkKey, salt, info: label("linkId"), length: ID_LENGTH }),
    hkdf({ key: linkKey, salt, info: label("accessToken"), length: KEY_LENGTH }),
  ]);
  return { link: idFromBytes<LinkId>(link), token, tokenHash: await sha256(token) };
}

/**
 * The key that wraps the chat key for a link; a password takes part when there is one and it is not empty.
 * Takes a good part of a second with a password: 600,000 rounds.
 */
export async function deriveWrapKey(options: {
  linkKey: Bytes;
  subject: ChatId | EmbedId;
  password: string | null;
}): Promise<WrapKey> {
  const { linkKey, subject, password } = options;
  requireLinkKey(linkKey);
  const input = password ? concat(linkKey, await passwordKey(password, subject)) : linkKey;
  const raw = await hkdf({ key: input, salt: idBytes(subject), info: label("wrapKey"), length: KEY_LENGTH });
  return loadWrapKey(raw);
}

/** What a device is counted by when it opens a link (SPEC K8): the same each time, another one for every link. */
export async function viewTicket(options: {
  /** What only this device has. */
  secret: Bytes;
  subject: ChatId | EmbedId;
  link: LinkId;
}): Promise<Bytes> {
  const { secret, subject, link } = options;
  const info = concat(label("viewTicket"), idBytes(link));
  return hkdf({ key: secret, salt: idBytes(subject), info, length: TICKET_LENGTH });
}

/** @throws ProtocolError `malformed` unless `raw` has 32 bytes. */
export async function loadWrapKey(raw: Bytes): Promise<WrapKey> {
  if (raw.length !== KEY_LENGTH) throw new ProtocolError("malformed", "A wrap key has 32 bytes.");
  return { raw, key: await importAesKey(raw) };
}

async function passwordKey(password: string, subject: ChatId | EmbedId): Promise<Bytes> {
  const salt = await sha256(label("password"), idBytes(subject));
  return pbkdf2({ password: utf8(password.normalize("NFC")), salt, iterations: PASSWORD_ITERATIONS });
}

/** @throws ProtocolError `malformed` unless the key has 32 bytes. */
export function requireLinkKey(linkKey: Bytes): void {
  if (linkKey.length !== KEY_LENGTH) throw new ProtocolError("malformed", "A link key has 32 bytes.");
}
