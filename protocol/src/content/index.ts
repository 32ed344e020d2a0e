/** What messages say, once opened. */

export { plainLine } from "../wire/plain-line.ts";
export * from "./asks-mate.ts";
export * from "./content.ts";
export type * from "./conversation.ts";
export * from "./emoji.ts";
export type { AnswerEnd, Given, OwnAnswer } from "./given-content.ts";
export * from "./look.ts";
export * from "./mate-name.ts";
export * from "./mention.ts";
export * from "./part-text.ts";
export {
  type DraftPart,
  type EmbedRef,
  type FilePart,
  type ImagePart,
  type MarkdownPart,
  type Part,
  type Source,
  textParts,
} from "./parts.ts";
export * from "./reply-content.ts";
