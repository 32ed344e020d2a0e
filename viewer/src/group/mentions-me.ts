/** Signs that end a name, so that `@Ann` is not found in `@Anna`. */
const GOES_ON = /^[\p{L}\p{N}_]/u;

/** Whether a text says `@` and this name, as a word of its own; letters of any case. */
export function mentionsMe(text: string, name: string): boolean {
  const wanted = `@${name.trim()}`.toLocaleLowerCase();
  if (wanted === "@") return false;
  const said = text.toLocaleLowerCase();
  for (let at = said.indexOf(wanted); at !== -1; at = said.indexOf(wanted, at + 1)) {
    const before = said.slice(0, at);
    if (!/[\p{L}\p{N}_]$/u.test(before) && !GOES_ON.test(said.slice(at + wanted.length))) return true;
  }
  return false;
}
