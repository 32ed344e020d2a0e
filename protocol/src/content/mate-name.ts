/** Whom a mention calls. Apart from `mention.ts`, so that who shows the name needs no markdown lexer. */
export const MATE_NAME = "OpenMates";
