/** How Slack reaches the bot. */
export type Line =
  /** Slack calls us: `POST /slack/events`, signed. */
  | { readonly type: "http"; readonly host: string; readonly port: number; readonly signingSecret: string }
  /** We call Slack and keep a WebSocket open. */
  | { readonly type: "socket"; readonly appToken: string };

export type LogLevelName = "silent" | "error" | "warn" | "info" | "debug";

export interface Config {
  readonly line: Line;
  readonly botToken: string;
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
