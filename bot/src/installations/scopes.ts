/** What the bot asks an installer for, each with what it is for; `manifest.yaml` and the docs say the same. */
export const SCOPES: Readonly<Record<string, string>> = {
  commands: "`/share`",
  "chat:write": "posts cards; tells one person what nobody else should see",
  "channels:history": "reads the picked messages of public channels it was invited to",
  "groups:history": "the same in private channels",
  "channels:read": "writes #general where a message names a channel",
  "users:read": "writes names where messages name people, and names their authors",
  "links:read": "hears of pasted links to the server",
  "links:write": "puts cards under them",
};

export const SCOPE_NAMES: readonly string[] = Object.keys(SCOPES);
