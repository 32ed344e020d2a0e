import {
  type AccountInfo,
  type Bytes,
  type CodeSent,
  type SessionId,
  type SessionSummary,
  type SignedIn,
  toBase64url,
} from "@openmates-share/protocol/wire";
import { AccountApi } from "./account-api.ts";
import type { Credentials } from "./api.ts";
import type { Device } from "./device.ts";
import { ClientError } from "./errors.ts";
import { exportKeyring, importKeyring } from "./keyring-file.ts";
import { KeyringSync, type SyncReport } from "./keyring-sync.ts";
import type { SecretStore } from "./secret-store.ts";

/** What the page keeps while Google asks who somebody is; it comes back in another load of the page. */
export interface GoogleAttempt {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly redirectUri: string;
}

/** The person behind a device: signing in and out, sessions, addresses, keys that follow. */
export class Account {
  readonly #device: Device;
  readonly #api: AccountApi;
  readonly #onSession: () => void;
  readonly sync: KeyringSync;

  /** @param options.onSession the device speaks for somebody else from now on */
  constructor(options: { device: Device; store: SecretStore; onSession: () => void }) {
    this.#device = options.device;
    this.#onSession = options.onSession;
    this.#api = new AccountApi(options.device.api);
    this.sync = new KeyringSync({
      api: this.#api,
      keyring: options.device.keyring,
      store: options.store,
      credentials: () => this.#credentials(),
    });
  }

  /** Null for a device that has no session, or one that the server no longer takes. */
  async info(): Promise<AccountInfo | null> {
    const session = await this.#device.keyring.session();
    if (!session) return null;
    try {
      return await this.#api.info({ session });
    } catch (error) {
      if (!isUnauthorized(error)) throw error;
      await this.#device.keyring.dropSession(session);
      this.#onSession();
      return null;
    }
  }

  /** Sends a code to that address. @throws ClientError `bad_request`, `rate_limited`, `mail_failed`, `not_offered` */
  askCode(email: string): Promise<CodeSent> {
    return this.#api.askSignInCode(email);
  }

  /** A guest's chats go along. @throws ClientError `wrong_code`, `not_allowed` for somebody who is signed in */
  async signInByCode(proof: { email: string; request: string; code: string; device: string }): Promise<void> {
    const { device, ...rest } = proof;
    await this.#signIn((as) => this.#api.signInByEmail({ ...rest, device: deviceName(device) }, as));
  }

  /**
   * Where to send the person, and what to keep for the way back. `loopback` is where a program on the same machine listens
   * for that (RFC 8252 section 7.3); without it they come back to the app.
   * @throws ClientError `not_offered`
   */
  async beginGoogle({ loopback = null }: { loopback?: string | null } = {}): Promise<{
    url: string;
    attempt: GoogleAttempt;
  }> {
    const { signIn, publicUrl } = await this.#device.service();
    if (!signIn.google) throw new ClientError("not_offered", "This server does not offer to sign in with Google.");
    const clientId = loopback === null ? signIn.google.clientId : signIn.google.desktopClientId;
    if (clientId === null) {
      const sentence = "This server offers Google in the browser alone. Here you can sign in with a code by e-mail.";
      throw new ClientError("not_offered", sentence);
    }
    const redirectUri = loopback ?? `${publicUrl}/`;
    const attempt = { state: secret(), nonce: secret(), verifier: secret(), redirectUri };
    const url = new URL(signIn.google.authorizeUrl);
    const asked = {
      client_id: clientId,
      response_type: "code",
      scope: "openid email",
      redirect_uri: attempt.redirectUri,
      state: attempt.state,
      nonce: attempt.nonce,
      code_challenge: await challengeOf(attempt.verifier),
      code_challenge_method: "S256",
      prompt: "select_account",
    };
    for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
    return { url: url.href, attempt };
  }

  /**
   * With what Google sent back. The state says that this page asked: a link that somebody else has made signs nobody in.
   * @throws ClientError `forbidden`, `not_allowed`, `unavailable`
   */
  async finishGoogle(back: { state: string; code: string; attempt: GoogleAttempt; device: string }): Promise<void> {
    const { state, code, attempt, device } = back;
    if (state !== attempt.state) {
      throw new ClientError("forbidden", "This sign-in did not begin in this browser. Please begin again.");
    }
    const { verifier, nonce, redirectUri } = attempt;
    const proof = { type: "code" as const, code, verifier, nonce, redirectUri };
    await this.#signIn((as) => this.#api.signInByGoogle({ proof, device: deviceName(device) }, as));
  }

  async sessions(): Promise<readonly SessionSummary[]> {
    return this.#api.sessions(await this.#credentials());
  }

  async endSession(session: SessionId): Promise<void> {
    await this.#api.endSessions(session, await this.#credentials());
  }

  async endOtherSessions(): Promise<void> {
    await this.#api.endSessions("others", await this.#credentials());
  }

  /**
   * Ends this session, or all of them. The keys stay on the device unless `forget` says otherwise: what is not synced or
   * exported is lost then.
   */
  async signOut({ everywhere = false, forget = false } = {}): Promise<void> {
    const session = await this.#device.keyring.session();
    if (session) {
      await this.#api.endSessions(everywhere ? "all" : "current", { session }).catch((error: unknown) => {
        if (!isUnauthorized(error)) throw error;
      });
    }
    await this.#leave({ forget });
  }

  askAddressCode(email: string): Promise<CodeSent> {
    return this.#credentials().then((as) => this.#api.askAddressCode(email, as));
  }

  /** @param proof.replaces the identity that the new address takes the place of; null to keep all */
  async addAddress(proof: { email: string; request: string; code: string; replaces: string | null }): Promise<void> {
    await this.#api.addAddress(proof, await this.#credentials());
  }

  async removeIdentity(id: string): Promise<void> {
    await this.#api.removeIdentity(id, await this.#credentials());
  }

  /** Erases the account with all its chats everywhere, and forgets their keys here. */
  async erase(): Promise<void> {
    await this.#api.erase(await this.#credentials());
    await this.#leave({ forget: true });
  }

  exportKeys(passphrase: string): Promise<Bytes> {
    return exportKeyring(this.#device.keyring, passphrase);
  }

  importKeys(file: { sealed: Bytes; passphrase: string }): Promise<SyncReport & { added: number }> {
    return importKeyring(this.#device.keyring, file);
  }

  async #signIn(enter: (as: Credentials) => Promise<SignedIn>): Promise<void> {
    const { keyring } = this.#device;
    if (await keyring.isSignedIn()) {
      throw new ClientError("not_allowed", "You are signed in already. Sign out first to use another account.");
    }
    const session = await keyring.session();
    const signedIn = await enter(session ? { session } : {}).catch(async (error: unknown) => {
      if (!session || !isUnauthorized(error)) throw error;
      // The server does not know this guest any more; the proof was not used up by that.
      await keyring.dropSession(session);
      return enter({});
    });
    await keyring.setSession({ session: signedIn.session, signedIn: true });
    this.#onSession();
  }

  async #leave({ forget }: { forget: boolean }): Promise<void> {
    await this.sync.leave();
    if (forget) await this.#device.keyring.clear();
    else await this.#device.keyring.setSession(null);
    this.#onSession();
  }

  /** @throws ClientError `unauthorized` */
  async #credentials(): Promise<Credentials> {
    const session = await this.#device.keyring.session();
    if (session) return { session };
    throw new ClientError("unauthorized", "You are not signed in on this device.");
  }
}

function isUnauthorized(error: unknown): boolean {
  return error instanceof ClientError && error.code === "unauthorized";
}

/** 43 characters, as RFC 7636 section 4.1 has them for verifiers. */
function secret(): string {
  return toBase64url(globalThis.crypto.getRandomValues(new Uint8Array(32)));
}

async function challengeOf(verifier: string): Promise<string> {
  const digest = await globalThis.crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  return toBase64url(new Uint8Array(digest));
}

function deviceName(name: string): string {
  return name.trim().slice(0, 60) || "A device";
}
