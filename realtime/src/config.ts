import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Env } from "./env.ts";

/** The model that answers: any OpenAI-compatible endpoint, or the built-in demo. */
export type MateConfig =
  | {
      readonly type: "openai";
      readonly apiKey: string;
      /** Null for the provider's own. */
      readonly baseUrl: string | null;
      /** The first is the default. */
      readonly models: readonly { readonly id: string; readonly name: string }[];
    }
  | { readonly type: "demo" };

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
  readonly logLevel: NonNullable<Env["LOG_LEVEL"]>;
  /** How many proxies stand in front: whose word about the client's address counts. */
  readonly trustedProxies: number;
}

const PORT = 4000;
const POOL = 10;
/** What a compatible endpoint is asked for when nobody names a model. */
const DEFAULT_MODEL = "gpt-4.1-mini";

/** What the environment means. */
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
    logLevel: env.LOG_LEVEL ?? "warn",
    trustedProxies: env.TRUSTED_PROXIES ?? 0,
  };
}

/** An endpoint without a key is one of one's own (a local model), and gets a key that says nothing. */
function mateOf({ OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_MODEL }: Env): MateConfig {
  if (OPENAI_API_KEY === undefined && OPENAI_BASE_URL === undefined) return { type: "demo" };
  const models = (OPENAI_MODEL ?? DEFAULT_MODEL).split(",").flatMap((entry) => {
    const [id = "", name = id] = entry.split("=").map((part) => part.trim());
    return id === "" ? [] : [{ id, name }];
  });
  return {
    type: "openai",
    apiKey: OPENAI_API_KEY ?? "none",
    baseUrl: OPENAI_BASE_URL ?? null,
    models: models.length > 0 ? models : [{ id: DEFAULT_MODEL, name: DEFAULT_MODEL }],
  };
}
