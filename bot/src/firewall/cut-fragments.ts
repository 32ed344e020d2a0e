/** Characters that end a URL in Slack's text: white space, `<url|label>`, quotes. */
const IN_URL = String.raw`[^\s<>|"]`;
/** A percent sign, encoded any number of times: a link inside a link inside a link. */
const PERCENT = "%(?:25)*";

const URL_WITH_FRAGMENT = new RegExp(String.raw`(https?:\/\/[^\s<>|"#]*)#${IN_URL}*`, "giu");
const ENCODED_URL_WITH_FRAGMENT = new RegExp(
  String.raw`(https?(?::|${PERCENT}3A)(?:\/|${PERCENT}2F){2}${IN_URL}*?)${PERCENT}23${IN_URL}*`,
  "giu",
);
/** What is left of a link that came without its beginning, or in a spelling that the two above do not know. */
const BARE_KEY = new RegExp(
  String.raw`(key(?:=|${PERCENT}3D|&#0*61;|&#x0*3d;|\\u003d))(?:[A-Za-z0-9_-]|${PERCENT}[0-9a-f]{2}){16,}`,
  "giu",
);

/** Told of every link whose fragment was cut: the link without it, and as it was. */
export type OnCut = (link: { page: string; original: string }) => void;

/**
 * Takes the fragments out of all URLs in a text, whoever's they are: plain, with `&amp;`, inside `<url|label>`,
 * percent-encoded once or more often, and bare keys. A fragment never reaches a server by itself, so nothing that the
 * bot does needs one, except what asks for it by name.
 */
export function cutFragments(text: string, onCut: OnCut = () => {}): string {
  // Most texts have neither; the expressions need not run for them.
  if (!/#|%|key/iu.test(text)) return text;
  return text
    .replaceAll(URL_WITH_FRAGMENT, (original: string, page: string) => {
      onCut({ page, original });
      return page;
    })
    .replaceAll(ENCODED_URL_WITH_FRAGMENT, "$1")
    .replaceAll(BARE_KEY, "$1[cut]");
}

const SHARE_KEY = /#(?:[^\s<>|")]*[&;])?key=[A-Za-z0-9_-]{16,}[^\s<>|")]*/giu;

/** Takes the keys of shared chats out of a text that others will read; other anchors stay. */
export function cutKeys(text: string): string {
  return text.includes("key=") ? text.replaceAll(SHARE_KEY, "") : text;
}
