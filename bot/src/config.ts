/** How Slack reaches the bot. */
export type Line =
  /** Slack calls us: `POST /slack/events`, signed. */
  | { readonly type: "http"; readonly host: string; readonly port: number; readonly signingSecret: string }
  /** We call Slack and keep a WebSocket open. */
  | { readonly type: "socket"; readonly appToken: string };

/** Which workspaces the bot works for. */
export type Tenancy =
  /** One, whose token is here. */
  | { readonly type: "one"; readonly botToken: string }
  /** Those that install it, at `/slack/install`; over HTTP only. */
  | {
      readonly type: "many";
      readonly clientId: string;
      readonly clientSecret: string;
      /** Where people reach the bot; null when the app's settings name one redirect URL alone. */
      readonly publicUrl: string | null;
    };

export type LogLevelName = "silent" | "error" | "warn" | "info" | "debug";

export interface Config {
  readonly line: Line;
  readonly tenancy: Tenancy;
  /** The realtime server. */
  readonly serverUrl: string;
  readonly databaseUrl: string;
  /** `BOT_KEY` as given; null: a key file in the data directory. */
  readonly botKey: string | null;
  readonly dataDir: string;
  /** Null for Slack's own. */
  readonly slackApiUrl: string | null;
  readonly logLevel: LogLevelName;
}
