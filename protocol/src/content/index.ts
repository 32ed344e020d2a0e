/** What messages say, once opened. */
export * from "./content.ts";
export type * from "./conversation.ts";
export * from "./mate-name.ts";
export * from "./mention.ts";
export * from "./reply-content.ts";
