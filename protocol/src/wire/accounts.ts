import * as v from "valibot";
import { base64urlSchema, bytesSchema, idSchema } from "./http.ts";
import type { SessionId } from "./ids.ts";
import { LIMITS } from "./limits.ts";

/** Bodies of what concerns a person's account: signing in, sessions, addresses, the synced keyring. */

/** 16 bytes; names a code that was sent, and lets only whoever asked for it try it. */
const requestSchema = base64urlSchema({ min: 16, max: 16 });
const emailSchema = v.pipe(v.string(), v.maxLength(LIMITS.address * 2));
/** As people copy codes: with a space in the middle, or around. */
const codeSchema = v.pipe(
  v.string(),
  v.maxLength(40),
  v.transform((code) => code.replace(/[\s-]/g, "")),
  v.regex(/^\d{6}$/),
);
const deviceSchema = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(LIMITS.name));

export const sessionIdSchema = idSchema<SessionId>();

/** `POST /api/sign-in/codes`, `POST /api/account/codes`: sends a code to that address. */
export const codeRequestSchema = v.strictObject({ email: emailSchema });

/** The answer, the same for every address. */
export interface CodeSent {
  /** To be given back with the code. */
  readonly request: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** True when the mail could not be handed over at once and is tried again. */
  readonly delayed: boolean;
}

/** `POST /api/sign-in/email`; a guest's bearer takes the guest's chats along. */
export const emailSignInSchema = v.strictObject({
  request: requestSchema,
  email: emailSchema,
  code: codeSchema,
  /** How the device is called in the list of sessions. */
  device: deviceSchema,
});
export type EmailSignIn = v.InferInput<typeof emailSignInSchema>;

const proofText = v.pipe(v.string(), v.minLength(1), v.maxLength(LIMITS.googleProof));

/** `POST /api/sign-in/google`: what Google's authorization gave, as a code (with PKCE) or as a token. */
export const googleSignInSchema = v.strictObject({
  proof: v.variant("type", [
    v.strictObject({
      type: v.literal("code"),
      code: proofText,
      /** RFC 7636 section 4.1. */
      verifier: v.pipe(v.string(), v.regex(/^[\w.~-]{43,128}$/)),
      /** The one the authorization was asked for with. */
      nonce: v.pipe(v.string(), v.minLength(16), v.maxLength(100)),
      redirectUri: v.pipe(v.string(), v.maxLength(500)),
    }),
    v.strictObject({
      type: v.literal("id-token"),
      idToken: proofText,
      nonce: v.pipe(v.string(), v.minLength(16), v.maxLength(100)),
    }),
    v.strictObject({ type: v.literal("access-token"), accessToken: proofText }),
  ]),
  device: deviceSchema,
});
export type GoogleSignIn = v.InferInput<typeof googleSignInSchema>;

/** A session of somebody who signed in. */
export interface SignedIn {
  /** Bearer; shown once. The one that was shown when signing in is no longer valid. */
  readonly session: string;
}

/** `GET /api/account` */
export interface AccountInfo {
  /** False for a guest. */
  readonly signedIn: boolean;
  readonly identities: readonly {
    readonly id: string;
    readonly kind: "email" | "google";
    /** As it was proved. */
    readonly address: string;
    /** Milliseconds since 1970. */
    readonly since: number;
  }[];
  /** Chats that this account owns: what deleting it erases. */
  readonly chats: number;
  /** Chats of others in which this account writes. */
  readonly memberships: number;
}

/** `GET /api/account/sessions` */
export interface SessionSummary {
  readonly id: SessionId;
  readonly device: string | null;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** The day, `2026-01-31`. */
  readonly lastSeen: string;
  /** The session that asks. */
  readonly current: boolean;
}

/** `POST /api/account/addresses`: a further address, proved by the code that was sent to it, or one in place of another. */
export const addAddressSchema = v.strictObject({
  request: requestSchema,
  email: emailSchema,
  code: codeSchema,
  /** The identity that goes when the new one is there; null to keep all. */
  replaces: v.nullable(base64urlSchema({ min: 16, max: 16 })),
});
export type AddAddress = v.InferInput<typeof addAddressSchema>;

/** `DELETE /api/account`: said, so that it cannot happen by an accident. */
export const deleteAccountSchema = v.strictObject({ erase: v.literal("everything") });

/** `GET` and `PUT /api/account/keyring` (MessagePack). */
export interface SyncedKeyring {
  /** From 1; 0 when there is none. */
  readonly version: number;
  readonly sealed: Uint8Array | null;
}

/** `version`: the one that this was made from; another one stored meanwhile is a `conflict`. */
export const putKeyringSchema = v.strictObject({
  version: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(LIMITS.seq)),
  sealed: bytesSchema({ min: 1, max: LIMITS.keyring }),
});
