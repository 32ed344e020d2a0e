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
  /** Bytes of one message's text as JSON in UTF-8. An envelope has 1 MiB; keys, signature and padding need up to 40 KB. */
  messageBytes: 900_000,
} as const;
