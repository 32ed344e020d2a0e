/** What crosses the wire: ids, envelopes' frames, the transcript, requests and events. It opens nothing. */
export { type Bytes, equalBytes, fromBase64url, ownBytes, toBase64url } from "../bytes.ts";
export { ProtocolError, type ProtocolErrorCode } from "../errors.ts";
export * from "./accounts.ts";
export * from "./categories.ts";
export * from "./embeds.ts";
export * from "./envelope.ts";
export * from "./errors.ts";
export * from "./http.ts";
export * from "./ids.ts";
export * from "./limits.ts";
export { frameBytes, PACKET_PARSER, PacketDecoder, PacketEncoder } from "./packets.ts";
export { plainLine } from "./plain-line.ts";
export * from "./sender-claim.ts";
export * from "./socket.ts";
export * from "./succession.ts";
export * from "./tokens.ts";
export * from "./tombstone.ts";
export * from "./transcript.ts";
