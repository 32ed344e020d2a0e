import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Env, EnvError } from "./env.ts";
import { type MateConfig, mateOf } from "./mate-settings.ts";

export type { MateConfig, ModelConfig } from "./mate-settings.ts";

/** How mail leaves. */
export type MailConfig =
  | { readonly type: "smtp"; readonly url: string; readonly from: string }
  /** Kept in memory, printed, and shown at `/dev/mail`: only where nobody but this machine can ask. */
  | { readonly type: "development" }
  | { readonly type: "none" };

/** What Google calls this service, and where Google is. */
export interface GoogleConfig {
  readonly clientId: string;
  /** Google gives one to web applications and wants it back with every code. */
  readonly clientSecret: string;
  /** For programs on people's own machines, which Google knows by another name; null: not offered there. */
  readonly desktop: { readonly clientId: string; readonly clientSecret: string } | null;
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  /** Google's public keys (JWKS). */
  readonly keysUrl: string;
  readonly tokenInfoUrl: string;
}

export interface Config {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Without a slash at the end; null: where the server listens. */
  readonly publicUrl: string | null;
  readonly databaseUrl: string;
  readonly databasePool: number;
  /** Null: one process, everything in memory. */
  readonly redisUrl: string | null;
  readonly dataDir: string;
  /** The built viewer. */
  readonly viewerDir: string;
  /** `VAULT_KEY` as given; null: a key file in the data directory. */
  readonly vaultKeys: string | null;
  readonly mate: MateConfig;
  readonly mail: MailConfig;
  /** Null: signing in with Google is not offered. */
  readonly google: GoogleConfig | null;
  readonly logLevel: NonNullable<Env["LOG_LEVEL"]>;
  /** How many proxies stand in front: whose word about the client's address counts. */
  readonly trustedProxies: number;
  /** Where figures about this server can be had; null: nowhere. */
  readonly metrics: { readonly host: string; readonly port: number } | null;
}

const PORT = 4000;
const POOL = 10;

/** What the environment means. @throws EnvError for settings that need another one */
export function configOf(env: Env): Config {
  return {
    host: env.HOST ?? "127.0.0.1",
    port: env.PORT ?? PORT,
    publicUrl: env.PUBLIC_URL?.replace(/\/+$/, "") ?? null,
    databaseUrl: env.DATABASE_URL,
    databasePool: env.DATABASE_POOL ?? POOL,
    redisUrl: env.REDIS_URL ?? null,
    dataDir: resolve(env.DATA_DIR ?? ".data"),
    viewerDir: resolve(env.VIEWER_DIR ?? fileURLToPath(new URL("../../viewer/dist", import.meta.url))),
    vaultKeys: env.VAULT_KEY ?? null,
    mate: mateOf(env),
    mail: mailOf(env),
    google: googleOf(env),
    logLevel: env.LOG_LEVEL ?? "warn",
    trustedProxies: env.TRUSTED_PROXIES ?? 0,
    metrics: env.METRICS_PORT === undefined ? null : { host: env.METRICS_HOST ?? "127.0.0.1", port: env.METRICS_PORT },
  };
}

/**
 * A server that others can reach never shows mails on a page, whatever `NODE_ENV` says: whoever reads somebody's code is
 * that person.
 */
function mailOf(env: Env): MailConfig {
  const { SMTP_URL, MAIL_FROM } = env;
  if (SMTP_URL !== undefined) {
    if (MAIL_FROM === undefined)
      throw new EnvError("MAIL_FROM is not set: the address that mail is sent from is expected.");
    return { type: "smtp", url: SMTP_URL, from: MAIL_FROM };
  }
  return { type: isPrivate(env) ? "development" : "none" };
}

function isPrivate({ NODE_ENV, HOST = "127.0.0.1", PUBLIC_URL, TRUSTED_PROXIES = 0 }: Env): boolean {
  const publicHost = PUBLIC_URL === undefined ? "127.0.0.1" : new URL(PUBLIC_URL).hostname;
  return NODE_ENV !== "production" && TRUSTED_PROXIES === 0 && isLoopback(HOST) && isLoopback(publicHost);
}

/** Whether a host name or address means this machine and no other. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(host);
}

function desktopOf({ GOOGLE_DESKTOP_CLIENT_ID, GOOGLE_DESKTOP_CLIENT_SECRET }: Env): GoogleConfig["desktop"] {
  if (GOOGLE_DESKTOP_CLIENT_ID === undefined) return null;
  // Google gives desktop clients a secret, too, and wants it back, though it is none (RFC 8252 section 8.5).
  if (GOOGLE_DESKTOP_CLIENT_SECRET === undefined) {
    throw new EnvError(
      "GOOGLE_DESKTOP_CLIENT_SECRET is not set: the one that belongs to GOOGLE_DESKTOP_CLIENT_ID is expected.",
    );
  }
  return { clientId: GOOGLE_DESKTOP_CLIENT_ID, clientSecret: GOOGLE_DESKTOP_CLIENT_SECRET };
}

function googleOf(env: Env): GoogleConfig | null {
  const { GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET, GOOGLE_ENDPOINTS } = env;
  if (GOOGLE_CLIENT_ID === undefined) return null;
  if (GOOGLE_CLIENT_SECRET === undefined) {
    throw new EnvError("GOOGLE_CLIENT_SECRET is not set: the secret that belongs to GOOGLE_CLIENT_ID is expected.");
  }
  const own = GOOGLE_ENDPOINTS?.replace(/\/+$/, "");
  return {
    clientId: GOOGLE_CLIENT_ID,
    clientSecret: GOOGLE_CLIENT_SECRET,
    desktop: desktopOf(env),
    // https://accounts.google.com/.well-known/openid-configuration, and for tokeninfo Google's "Verify the Google ID token".
    authorizeUrl: own ? `${own}/auth` : "https://accounts.google.com/o/oauth2/v2/auth",
    tokenUrl: own ? `${own}/token` : "https://oauth2.googleapis.com/token",
    keysUrl: own ? `${own}/certs` : "https://www.googleapis.com/oauth2/v3/certs",
    tokenInfoUrl: own ? `${own}/tokeninfo` : "https://oauth2.googleapis.com/tokeninfo",
  };
}
