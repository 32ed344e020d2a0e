/** Bounds of what an import gives, so that every message of it fits the protocol. */
export const IMPORT_LIMITS = {
  /** Characters of a file's text: engines hold strings of about 536 million, and parsing needs room beside it. */
  fileCharacters: 500_000_000,
  /** Characters of a title, as the protocol has it. */
  title: 300,
  /** Characters of a speaker's name, as the protocol has it. */
  name: 60,
  /** Characters of a model's name, as the protocol has it. */
  model: 200,
  /** Parts of a message, as the protocol has it. */
  parts: 500,
  /** Characters of a language's and of a tool's name, as the protocol has them. */
  language: 60,
  tool: 200,
  /** Characters of a file's name, as the protocol has it. */
  fileName: 255,
  /** Characters of the words for an image: prompts for images reach 4,000. */
  alt: 4000,
  /** Sources of one message, and characters of their addresses, as the protocol has them. */
  sources: 500,
  sourceUrl: 8192,
  /** Bytes of one message's parts as JSON in UTF-8. An envelope has 1 MiB; keys, signature and padding need up to 40 KB. */
  messageBytes: 900_000,
} as const;
