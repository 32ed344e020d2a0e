import * as v from "valibot";

/** Where the bot is installed, and what it acts with there. The tokens are secrets: sealed at rest, printed nowhere. */
const installedSchema = v.object({
  /** The workspace, or the organisation for an app that is installed for all of its workspaces. */
  id: v.string(),
  botToken: v.string(),
  botId: v.string(),
  botUser: v.string(),
  /** With token rotation: what the next token is had for, once. */
  refreshToken: v.nullable(v.string()),
  /** Milliseconds since 1970; null for a token that lasts. */
  expiresAt: v.nullable(v.number()),
  scopes: v.array(v.string()),
});

export type Installed = v.InferOutput<typeof installedSchema>;

export function packInstalled(installed: Installed): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(installed));
}

/** @throws ValiError for what was not packed here */
export function unpackInstalled(bytes: Uint8Array): Installed {
  return v.parse(v.pipe(v.string(), v.parseJson(), installedSchema), new TextDecoder().decode(bytes));
}
