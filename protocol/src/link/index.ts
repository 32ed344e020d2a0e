/** Link keys and link URLs. Never part of the server. */
export * from "./link-key.ts";
export * from "./share-url.ts";
