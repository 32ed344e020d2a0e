import { randomBytes } from "node:crypto";
import type { Json } from "./json.ts";
import type { Answer } from "./slack-workspace.ts";

/** Lets apps in, and does for tokens what the emulator does not: tokens that rotate, and tokens that are revoked. */
export class TokenDesk {
  /** How long tokens live, in seconds; null for tokens that last. */
  rotateAfter: number | null = null;
  /** The app's tokens, and the emulator's for each. */
  readonly #emulated = new Map<string, string>();
  /** Good for one renewal each. */
  readonly #renewals = new Map<string, string>();

  constructor(token: string) {
    this.#emulated.set(token, token);
  }

  /** Null for a token that nobody has, or has any more. */
  emulatedFor(authorization: string): string | null {
    return this.#emulated.get(authorization.replace("Bearer ", "")) ?? null;
  }

  revokeAll(): void {
    this.#emulated.clear();
    this.#renewals.clear();
  }

  /** `oauth.v2.access`: a code from an installation, or a refresh token. */
  async grant(parameters: Json, install: () => Promise<Answer>): Promise<Answer> {
    if (parameters.grant_type === "refresh_token") return this.#renew(String(parameters.refresh_token));
    const answer = await install();
    const token = String(answer.access_token);
    if (!answer.ok) return answer;
    this.#emulated.set(token, token);
    return this.rotateAfter === null ? answer : { ...answer, ...this.#renewable(token) };
  }

  #renew(refreshToken: string): Answer {
    const token = this.#renewals.get(refreshToken);
    if (token === undefined) return { ok: false, error: "invalid_refresh_token" };
    this.#renewals.delete(refreshToken);
    for (const [old, emulated] of this.#emulated) if (emulated === token) this.#emulated.delete(old);
    const fresh = `xoxe.xoxb-${randomBytes(12).toString("hex")}`;
    this.#emulated.set(fresh, token);
    return { ok: true, access_token: fresh, token_type: "bot", ...this.#renewable(token) };
  }

  #renewable(token: string): Json {
    const refreshToken = `xoxe-${randomBytes(12).toString("hex")}`;
    this.#renewals.set(refreshToken, token);
    return { refresh_token: refreshToken, expires_in: this.rotateAfter ?? 0 };
  }
}
