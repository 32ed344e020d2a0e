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
  readonly logLevel: "silent" | "error" | "warn" | "info" | "debug";
  /** How many proxies stand in front: whose word about the client's address counts. */
  readonly trustedProxies: number;
}
