import { LIMITS } from "./limits.ts";

/** version ‖ chat id ‖ the owner's key ‖ the other's key ‖ number ‖ head ‖ time ‖ signature (SPEC H5) */
export const OFFER_LENGTH = 1 + 16 + 32 + 32 + 4 + 32 + 8 + 64;
/** offer ‖ number ‖ head ‖ time ‖ signature (SPEC H6) */
export const SUCCESSION_LENGTH = OFFER_LENGTH + 4 + 32 + 8 + 64;
/** All of a chat, one behind the other. */
export const SUCCESSIONS_LENGTH = LIMITS.successions * SUCCESSION_LENGTH;
