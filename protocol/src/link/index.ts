/** Link keys and link URLs. Never part of the server. */
export {
  createLinkKey,
  deriveWrapKey,
  identifyLink,
  type LinkIdentity,
  loadWrapKey,
  viewTicket,
  type WrapKey,
} from "./link-key.ts";
export * from "./share-url.ts";
