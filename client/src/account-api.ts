import type {
  AccountInfo,
  AddAddress,
  CodeSent,
  EmailSignIn,
  GoogleSignIn,
  SessionId,
  SessionSummary,
  SignedIn,
  SyncedKeyring,
} from "@openmates-share/protocol/wire";
import { bytesSchema, LIMITS, sessionIdSchema } from "@openmates-share/protocol/wire";
import * as v from "valibot";
import type { Api, Credentials } from "./api.ts";
import { readAnswer } from "./responses.ts";

const signedInSchema = v.object({ session: v.string() }) satisfies v.GenericSchema<unknown, SignedIn>;

const codeSentSchema = v.object({
  request: v.string(),
  expiresAt: v.number(),
  delayed: v.boolean(),
}) satisfies v.GenericSchema<unknown, CodeSent>;

const accountSchema = v.object({
  signedIn: v.boolean(),
  identities: v.array(
    v.object({ id: v.string(), kind: v.picklist(["email", "google"]), address: v.string(), since: v.number() }),
  ),
  chats: v.number(),
  memberships: v.number(),
}) satisfies v.GenericSchema<unknown, AccountInfo>;

const sessionsSchema = v.object({
  sessions: v.array(
    v.object({
      id: sessionIdSchema,
      device: v.nullable(v.string()),
      createdAt: v.number(),
      lastSeen: v.string(),
      current: v.boolean(),
    }) satisfies v.GenericSchema<unknown, SessionSummary>,
  ),
});

const keyringSchema = v.object({
  version: v.number(),
  sealed: v.nullable(bytesSchema({ min: 1, max: LIMITS.keyring })),
});
const versionSchema = v.object({ version: v.number() });

/** What the server has to say about accounts. */
export class AccountApi {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  async askSignInCode(email: string): Promise<CodeSent> {
    return readAnswer(
      codeSentSchema,
      await this.#api.json({ method: "POST", path: "/api/sign-in/codes", json: { email } }),
    );
  }

  async signInByEmail(proof: EmailSignIn, as: Credentials): Promise<SignedIn> {
    const call = { method: "POST", path: "/api/sign-in/email", json: proof, as } as const;
    return readAnswer(signedInSchema, await this.#api.json(call));
  }

  async signInByGoogle(proof: GoogleSignIn, as: Credentials): Promise<SignedIn> {
    const call = { method: "POST", path: "/api/sign-in/google", json: proof, as } as const;
    return readAnswer(signedInSchema, await this.#api.json(call));
  }

  async info(as: Credentials): Promise<AccountInfo> {
    return readAnswer(accountSchema, await this.#api.json({ method: "GET", path: "/api/account", as }));
  }

  async erase(as: Credentials): Promise<void> {
    await this.#api.send({ method: "DELETE", path: "/api/account", json: { erase: "everything" }, as });
  }

  async sessions(as: Credentials): Promise<readonly SessionSummary[]> {
    return readAnswer(sessionsSchema, await this.#api.json({ method: "GET", path: "/api/account/sessions", as }))
      .sessions;
  }

  async endSessions(which: SessionId | "current" | "others" | "all", as: Credentials): Promise<void> {
    const path = which === "all" ? "/api/account/sessions" : `/api/account/sessions/${which}`;
    await this.#api.send({ method: "DELETE", path, as });
  }

  async askAddressCode(email: string, as: Credentials): Promise<CodeSent> {
    const call = { method: "POST", path: "/api/account/codes", json: { email }, as } as const;
    return readAnswer(codeSentSchema, await this.#api.json(call));
  }

  async addAddress(proof: AddAddress, as: Credentials): Promise<void> {
    await this.#api.send({ method: "POST", path: "/api/account/addresses", json: proof, as });
  }

  async removeIdentity(id: string, as: Credentials): Promise<void> {
    await this.#api.send({ method: "DELETE", path: `/api/account/identities/${encodeURIComponent(id)}`, as });
  }

  async keyring(as: Credentials): Promise<SyncedKeyring> {
    return readAnswer(keyringSchema, await this.#api.packed({ method: "GET", path: "/api/account/keyring", as }));
  }

  /** The version it has now. @throws ClientError `conflict` when `version` is not the one that is stored */
  async putKeyring(keyring: { version: number; sealed: Uint8Array }, as: Credentials): Promise<number> {
    const call = { method: "PUT", path: "/api/account/keyring", packed: keyring, as } as const;
    return readAnswer(versionSchema, await this.#api.json(call)).version;
  }

  async deleteKeyring(as: Credentials): Promise<void> {
    await this.#api.send({ method: "DELETE", path: "/api/account/keyring", as });
  }
}
