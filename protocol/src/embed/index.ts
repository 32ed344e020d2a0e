/** Files beside messages: their keys, headers and chunks. Never part of the server. */
export * from "./embed-content.ts";
export * from "./embed-header.ts";
export * from "./embed-key.ts";
export * from "./embed-link-label.ts";
