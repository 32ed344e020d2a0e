/** What Slack takes for a call to everybody, to people, groups or channels (docs.slack.dev, "Formatting message text"). */
const CALL = /<(?=!(?:channel|here|everyone|subteam|date)|@[UW]|#[CG])/gu;
/** What may become one when more is written. */
const BEGUN = /<(?:[!@#]\w{0,8})?$/u;

/** Text of others, or of a model, that calls nobody in Slack, whatever it says. */
export function withoutCalls(markdown: string): string {
  return markdown.replaceAll(CALL, "&lt;");
}

/** The same of a text that grows: what may still become a call is left out until that is known. */
export function withoutCallsSoFar(markdown: string): string {
  return withoutCalls(markdown.replace(BEGUN, ""));
}
