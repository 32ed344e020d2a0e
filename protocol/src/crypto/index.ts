/** Opening and sealing what people write, and opening what the mate answered. Never part of the server. */
export * from "../identity.ts";
export * from "../reply/delta.ts";
export * from "../reply/given.ts";
export * from "../reply/reply-key.ts";
export * from "../reply/stored-reply.ts";
export * from "./bequest.ts";
export * from "./chat-key.ts";
export * from "./link-label.ts";
export * from "./message.ts";
export * from "./safety-number.ts";
export * from "./seal.ts";
export * from "./sealed-keyring.ts";
export * from "./sender-claim.ts";
export * from "./succession.ts";
