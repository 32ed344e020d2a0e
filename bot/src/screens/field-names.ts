/** Names of the share form's fields: block id and action id are the same. */
export const WHICH = "which";
export const COUNT = "count";
export const SINCE = "since";
export const TAKE = "take";
export const TITLE = "title";
export const MODE = "mode";
/** Said once more so that the firewall knows it: what stands under this name is a password. */
export const PASSWORD_ACTION = "share_password";
export const EXPIRY = "expiry";
export const PREVIEW = "preview";
export const SUMMARY = "summary";
export const CATEGORY = "category";
export const AUDIENCE = "audience";
export const PEOPLE = "people";

/** All of them, in the form's order. */
export const FIELDS: readonly string[] = [
  WHICH,
  COUNT,
  SINCE,
  TAKE,
  TITLE,
  AUDIENCE,
  PEOPLE,
  MODE,
  PASSWORD_ACTION,
  EXPIRY,
  PREVIEW,
  SUMMARY,
  CATEGORY,
];

/** Those whose change changes what will be shared, or who will be able to read it. */
export const TELLING_FIELDS = [WHICH, COUNT, SINCE, TAKE, MODE, EXPIRY, PREVIEW, AUDIENCE, PEOPLE] as const;
