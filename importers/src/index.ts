/** Conversations out of other products' exports and out of pasted text: pure functions, the same in a worker and in Node. */
export * from "./attachment-name.ts";
export * from "./import-error.ts";
export type * from "./imported-file.ts";
export * from "./limits.ts";
export * from "./masking/index.ts";
export { readImport } from "./read-import.ts";
export * from "./source/open-import.ts";
export { SOURCE_LIMITS } from "./source/source-limits.ts";
