/** What a finding is, in the words of a list and of the text that takes its place. */
export const SECRET_KINDS = {
  privateKey: "private key",
  awsKey: "AWS access key",
  githubToken: "GitHub token",
  gitlabToken: "GitLab token",
  anthropicKey: "Anthropic API key",
  openaiKey: "OpenAI API key",
  slackToken: "Slack token",
  googleKey: "Google API key",
  stripeKey: "Stripe key",
  otherToken: "access token",
  jwt: "JSON web token",
  password: "password",
  assignedSecret: "secret value",
  email: "e-mail address",
  iban: "bank account",
  card: "card number",
  phone: "phone number",
} as const;
export type SecretKind = keyof typeof SECRET_KINDS;

/** A place in a text, in UTF-16 units. */
export interface Finding {
  readonly kind: SecretKind;
  readonly start: number;
  /** Behind its last character. */
  readonly end: number;
}
