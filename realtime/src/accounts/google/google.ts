import { errors, jwtVerify } from "jose";
import * as v from "valibot";
import type { GoogleConfig } from "../../config.ts";
import { GoogleError, googleRefused } from "./google-error.ts";
import { askGoogle } from "./google-fetch.ts";
import { GoogleKeys } from "./google-keys.ts";
import { type GooglePerson, personOf } from "./google-person.ts";

/** Both stand in Google's tokens ("Verify the Google ID token on your server side"). */
const ISSUERS = ["accounts.google.com", "https://accounts.google.com"];
/** What clocks may differ by. Seconds. */
const SKEW = 60;

export type GoogleProof =
  | {
      readonly type: "code";
      readonly code: string;
      readonly verifier: string;
      readonly nonce: string;
      readonly redirectUri: string;
    }
  | { readonly type: "id-token"; readonly idToken: string; readonly nonce: string }
  | { readonly type: "access-token"; readonly accessToken: string };

type GoogleClient = Pick<GoogleConfig, "clientId" | "clientSecret">;

/** Whether it is a program on the person's own machine (RFC 8252 section 7.3): the port is whichever was free. */
export function isLoopback(redirectUri: string): boolean {
  return LOOPBACK.test(redirectUri);
}

const LOOPBACK = /^http:\/\/(?:127\.0\.0\.1|\[::1\]):\d{1,5}\/$/;

const tokenAnswer = v.object({ id_token: v.string() });

/** https://developers.google.com/identity/protocols/oauth2: of the access token, whom it is for and whose it is. */
const tokenInfo = v.looseObject({
  aud: v.string(),
  exp: v.pipe(v.union([v.string(), v.number()]), v.transform(Number), v.integer()),
});

/** Finds out whom Google vouches for. */
export class Google {
  readonly #config: GoogleConfig;
  readonly #keys: GoogleKeys;
  readonly #now: () => number;

  constructor(options: { config: GoogleConfig; now?: () => number }) {
    this.#config = options.config;
    this.#now = options.now ?? Date.now;
    this.#keys = new GoogleKeys({ url: options.config.keysUrl, now: this.#now });
  }

  /** @throws GoogleError */
  async person(proof: GoogleProof): Promise<GooglePerson> {
    switch (proof.type) {
      case "code": {
        const client = this.#clientOf(proof.redirectUri);
        return this.#byIdToken({ idToken: await this.#exchange(proof, client), nonce: proof.nonce, client });
      }
      case "id-token":
        return this.#byIdToken({ ...proof, client: this.#config });
      case "access-token":
        return this.#byAccessToken(proof.accessToken);
    }
  }

  /** Whoever came back to a program on their own machine was sent by the name that Google knows such programs by. */
  #clientOf(redirectUri: string): GoogleClient {
    return (isLoopback(redirectUri) && this.#config.desktop) || this.#config;
  }

  async #exchange(proof: GoogleProof & { type: "code" }, client: GoogleClient): Promise<string> {
    const { body } = await askGoogle(this.#config.tokenUrl, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "authorization_code",
        code: proof.code,
        code_verifier: proof.verifier,
        redirect_uri: proof.redirectUri,
        client_id: client.clientId,
        client_secret: client.clientSecret,
      }),
    });
    const parsed = v.safeParse(tokenAnswer, body);
    if (!parsed.success) throw googleRefused();
    return parsed.output.id_token;
  }

  /** RS256 alone, so that neither `none` nor a public key taken for a shared secret counts. */
  async #byIdToken(options: { idToken: string; nonce: string; client: GoogleClient }): Promise<GooglePerson> {
    const { idToken, nonce, client } = options;
    const { clientId } = client;
    try {
      const { payload } = await jwtVerify(idToken, this.#keys.find, {
        algorithms: ["RS256"],
        issuer: ISSUERS,
        audience: clientId,
        clockTolerance: SKEW,
        requiredClaims: ["sub", "iat", "exp"],
        currentDate: new Date(this.#now()),
      });
      // A token for several has to have been asked for by us (OpenID Connect Core section 3.1.3.7).
      if (payload.aud !== clientId && payload.azp !== clientId) throw googleRefused();
      if (payload.nonce !== nonce) throw googleRefused();
      return personOf(payload);
    } catch (error) {
      if (error instanceof GoogleError) throw error;
      if (error instanceof errors.JOSEError) throw googleRefused(error);
      throw error;
    }
  }

  /** The audience is what matters: any other service that somebody signed in to has a token of theirs, too. */
  async #byAccessToken(accessToken: string): Promise<GooglePerson> {
    // In the body, since addresses end up in logs.
    const body = new URLSearchParams({ access_token: accessToken });
    const answer = await askGoogle(this.#config.tokenInfoUrl, { method: "POST", body });
    const parsed = v.safeParse(tokenInfo, answer.body);
    if (!parsed.success) throw googleRefused();
    const { aud, exp } = parsed.output;
    if (aud !== this.#config.clientId || exp * 1000 < this.#now() - SKEW * 1000) throw googleRefused();
    return personOf(answer.body);
  }
}
