import { type Bytes, concat, fromBase64url } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import { sha256, sign } from "../primitives.ts";
import type { Identity } from "../signed.ts";
import type { ChatId } from "../wire/ids.ts";
import { claimedBytes } from "../wire/sender-claim.ts";
import { SESSION_PREFIX } from "../wire/tokens.ts";

/**
 * The proof that whoever has this session holds the key of the sender they come into the chat as (SPEC T92).
 *
 * @param session the bearer, as the server gave it
 * @throws ProtocolError `malformed` for a bearer of another sort
 */
export async function claimSender(options: { identity: Identity; chat: ChatId; session: string }): Promise<Bytes> {
  const { identity, chat, session } = options;
  const token = session.startsWith(SESSION_PREFIX) ? fromBase64url(session.slice(SESSION_PREFIX.length)) : null;
  if (!token) throw new ProtocolError("malformed", "This is no session.");
  const data = claimedBytes({ chat, session: await sha256(token) });
  return concat(identity.publicKey, await sign(identity.privateKey, data));
}
