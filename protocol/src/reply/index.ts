/** Sealing the mate's answers: what the server may do, with keys that the asking client made for one answer. */
export type { ReplyContent } from "../content/reply-content.ts";
export { createIdentity, type Identity, loadIdentity, type StoredIdentity, senderIdOf } from "../identity.ts";
export { openReplyStream, type ReplyStream, sealDelta } from "./delta.ts";
export { givenHash } from "./given.ts";
export { sealReply } from "./stored-reply.ts";
