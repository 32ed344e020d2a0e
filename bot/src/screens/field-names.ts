/** Names of the share form's fields: block id and action id are the same. */
export const COUNT = "count";
export const TITLE = "title";
export const MODE = "mode";
/** Said once more so that the firewall knows it: what stands under this name is a password. */
export const PASSWORD_ACTION = "share_password";
export const PREVIEW = "preview";
export const SUMMARY = "summary";
export const CATEGORY = "category";
export const AUDIENCE = "audience";
