export { findSecrets, withMasks } from "./find-secrets.ts";
export { type FoundSecret, maskConversation, type SecretPlace, secretsOf } from "./mask-conversation.ts";
export { type Finding, SECRET_KINDS, type SecretKind } from "./secret-kinds.ts";
