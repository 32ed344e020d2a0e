import { createHash, createHmac, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Somebody with an account there. */
export interface GoogleUser {
  readonly sub: string;
  readonly email: string;
  readonly email_verified?: boolean;
  readonly hd?: string;
}

/** How a token is made, when not as it should be. */
export interface TokenOptions {
  /** Instead of, or beside, what stands in an ordinary one; undefined takes it out. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** `RS256` unless told. `HS256` takes the public key for a shared secret. */
  readonly alg?: "RS256" | "HS256" | "none";
  readonly kid?: string;
  /** True for a signature by a key that is not published. */
  readonly foreign?: boolean;
}

/** An issuer of id tokens with real RS256 keys, at the addresses under one of its own. */
export interface TestGoogle {
  readonly env: Readonly<Record<"GOOGLE_CLIENT_ID" | "GOOGLE_CLIENT_SECRET" | "GOOGLE_ENDPOINTS", string>>;
  /** What offers it to programs on people's own machines as well. */
  readonly desktopEnv: Readonly<Record<"GOOGLE_DESKTOP_CLIENT_ID" | "GOOGLE_DESKTOP_CLIENT_SECRET", string>>;
  readonly url: string;
  /** Who signs in next at `/auth`, without being asked anything. */
  signInAs(user: GoogleUser): void;
  idToken(user: GoogleUser, options?: TokenOptions): string;
  /** An access token, for this client unless told. */
  accessToken(user: GoogleUser, options?: { aud?: string; expiresIn?: number }): string;
  /** Signs with a new key from now on; with `publish: false` the keys that are handed out stay the old ones. */
  rotate(options?: { publish?: boolean }): void;
  /** How often the keys were asked for. */
  readonly keyRequests: number;
  /** What goes along with the keys; `public, max-age=3600` unless set. */
  cacheControl: string;
  stop(): Promise<void>;
}

const CLIENT_ID = "test-client.apps.googleusercontent.com";
const CLIENT_SECRET = "test-client-secret";
const DESKTOP_CLIENT_ID = "test-desktop.apps.googleusercontent.com";
const DESKTOP_CLIENT_SECRET = "test-desktop-secret";
const SECRETS: Readonly<Record<string, string>> = {
  [CLIENT_ID]: CLIENT_SECRET,
  [DESKTOP_CLIENT_ID]: DESKTOP_CLIENT_SECRET,
};

interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

interface Grant {
  readonly user: GoogleUser;
  readonly challenge: string;
  readonly redirectUri: string;
  readonly nonce: string | null;
  readonly clientId: string;
}

export async function startGoogle(): Promise<TestGoogle> {
  const google = new LocalGoogle();
  await google.listen();
  return google;
}

class LocalGoogle implements TestGoogle {
  readonly #http = createServer((request, response) => void this.#answer(request, response));
  readonly #grants = new Map<string, Grant>();
  readonly #accessTokens = new Map<string, Record<string, string>>();
  #signing = createKey();
  #published: readonly SigningKey[] = [this.#signing];
  #user: GoogleUser | null = null;
  keyRequests = 0;
  cacheControl = "public, max-age=3600";

  async listen(): Promise<void> {
    this.#http.listen(0, "127.0.0.1");
    await once(this.#http, "listening");
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`; // It listens on a port, not on a pipe.
  }

  get env() {
    return { GOOGLE_CLIENT_ID: CLIENT_ID, GOOGLE_CLIENT_SECRET: CLIENT_SECRET, GOOGLE_ENDPOINTS: this.url };
  }

  get desktopEnv() {
    return { GOOGLE_DESKTOP_CLIENT_ID: DESKTOP_CLIENT_ID, GOOGLE_DESKTOP_CLIENT_SECRET: DESKTOP_CLIENT_SECRET };
  }

  signInAs(user: GoogleUser): void {
    this.#user = user;
  }

  idToken(user: GoogleUser, options: TokenOptions = {}): string {
    const { alg = "RS256", claims = {}, kid = this.#signing.kid, foreign = false } = options;
    const now = Math.floor(Date.now() / 1000);
    const ordinary = { iss: "https://accounts.google.com", aud: CLIENT_ID, azp: CLIENT_ID, iat: now, exp: now + 3600 };
    const payload = { ...ordinary, email_verified: true, ...user, ...claims };
    const signed = `${part({ alg, kid, typ: "JWT" })}.${part(payload)}`;
    return `${signed}.${this.#signature(signed, { alg, foreign })}`;
  }

  accessToken(
    user: GoogleUser,
    { aud = CLIENT_ID, expiresIn = 3600 }: { aud?: string; expiresIn?: number } = {},
  ): string {
    const token = randomBytes(24).toString("base64url");
    const exp = String(Math.floor(Date.now() / 1000) + expiresIn);
    const { sub, email, email_verified: verified = true, hd } = user;
    this.#accessTokens.set(token, {
      aud,
      azp: aud,
      exp,
      sub,
      email,
      email_verified: String(verified),
      ...(hd ? { hd } : {}),
    });
    return token;
  }

  rotate({ publish = true }: { publish?: boolean } = {}): void {
    this.#signing = createKey();
    if (publish) this.#published = [this.#signing];
  }

  async stop(): Promise<void> {
    this.#http.closeAllConnections();
    this.#http.close();
  }

  #signature(signed: string, { alg, foreign }: { alg: string; foreign: boolean }): string {
    const { privateKey, publicKey } = this.#signing;
    if (alg === "none") return "";
    if (alg === "HS256") {
      const secret = publicKey.export({ type: "spki", format: "pem" });
      return createHmac("sha256", secret).update(signed).digest("base64url");
    }
    return sign("sha256", Buffer.from(signed), foreign ? createKey().privateKey : privateKey).toString("base64url");
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "/", this.url);
    switch (pathname) {
      case "/auth":
        return this.#authorize(searchParams, response);
      case "/certs":
        this.keyRequests += 1;
        response.setHeader("cache-control", this.cacheControl);
        return json(response, { keys: this.#published.map(jwkOf) });
      case "/token":
        return this.#exchange(await formOf(request), response);
      case "/tokeninfo": {
        const info = this.#accessTokens.get((await formOf(request)).get("access_token") ?? "");
        return info ? json(response, info) : json(response, { error: "invalid_token" }, 400);
      }
      default:
        return json(response, { error: "not_found" }, 404);
    }
  }

  #authorize(asked: URLSearchParams, response: ServerResponse): void {
    const redirectUri = asked.get("redirect_uri");
    const challenge = asked.get("code_challenge");
    const clientId = asked.get("client_id") ?? "";
    const loopback = /^http:\/\/127\.0\.0\.1:\d+\/$/.test(redirectUri ?? "");
    const right =
      Object.hasOwn(SECRETS, clientId) &&
      // As at Google: any port, but for desktop clients alone.
      (clientId === CLIENT_ID || loopback) &&
      asked.get("response_type") === "code" &&
      asked.get("code_challenge_method") === "S256" &&
      (asked.get("scope") ?? "").split(" ").includes("openid");
    if (!right || !redirectUri || !challenge || !this.#user)
      return void json(response, { error: "invalid_request" }, 400);
    const code = `4/${randomBytes(24).toString("base64url")}`;
    this.#grants.set(code, { user: this.#user, challenge, redirectUri, nonce: asked.get("nonce"), clientId });
    const target = new URL(redirectUri);
    target.searchParams.set("state", asked.get("state") ?? "");
    target.searchParams.set("code", code);
    target.searchParams.set("scope", asked.get("scope") ?? "");
    response.writeHead(302, { location: target.href }).end();
  }

  #exchange(form: URLSearchParams, response: ServerResponse): void {
    const code = form.get("code") ?? "";
    const grant = this.#grants.get(code);
    this.#grants.delete(code);
    const challenge = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    const right =
      form.get("grant_type") === "authorization_code" &&
      form.get("client_id") === grant?.clientId &&
      form.get("client_secret") === SECRETS[grant?.clientId ?? ""] &&
      form.get("redirect_uri") === grant?.redirectUri &&
      challenge === grant?.challenge;
    if (!grant || !right) return void json(response, { error: "invalid_grant" }, 400);
    const { clientId: aud, nonce } = grant;
    const claims = { aud, azp: aud, ...(nonce === null ? {} : { nonce }) };
    const accessToken = this.accessToken(grant.user);
    json(response, { access_token: accessToken, id_token: this.idToken(grant.user, { claims }), token_type: "Bearer" });
  }
}

function createKey(): SigningKey {
  return { kid: randomBytes(8).toString("hex"), ...generateKeyPairSync("rsa", { modulusLength: 2048 }) };
}

function jwkOf({ kid, publicKey }: SigningKey) {
  return { ...publicKey.export({ format: "jwk" }), kid, alg: "RS256", use: "sig" };
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer); // A request without an encoding gives buffers.
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

function json(response: ServerResponse, body: object, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
