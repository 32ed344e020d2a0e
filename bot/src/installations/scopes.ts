/** What the bot asks an installer for, each with what it is for; `manifest.yaml` and the docs say the same. */
export const SCOPES: Readonly<Record<string, string>> = {
  commands: "`/share` and the message shortcuts",
  "chat:write": "posts cards and answers; tells one person what nobody else should see",
  "chat:write.customize": "shows who wrote a mirrored message in the encrypted chat",
  "app_mentions:read": "hears @OpenMates",
  "channels:history": "reads the picked messages of public channels it was invited to",
  "groups:history": "the same in private channels",
  "im:history": "reads what people write to it in direct messages",
  "channels:read": "writes #general where a message names a channel, and says who is in a channel",
  "groups:read": "the same of private channels it was invited to",
  "users:read": "writes names where messages name people, and names their authors",
  "usergroups:read": "writes @editors where a message names a group",
  "files:read": "encrypts files, where somebody chose to share them",
  "files:write": "brings files of an encrypted chat into its mirrored thread",
  "reactions:read": "mirrors reactions",
  "reactions:write": "mirrors reactions",
  "links:read": "hears of pasted links to the server",
  "links:write": "puts cards under them",
};

export const SCOPE_NAMES: readonly string[] = Object.keys(SCOPES);
