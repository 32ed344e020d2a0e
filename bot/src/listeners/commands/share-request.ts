import type { Lifted } from "../../firewall/lifted.ts";
import { type GivenLink, givenLinks, pagesIn } from "../../slack/share-link-text.ts";

/** What somebody typed after `/share`. */
export type ShareRequest =
  | { readonly type: "form" }
  | { readonly type: "help" }
  | { readonly type: "list" }
  | { readonly type: "stop"; readonly link: GivenLink }
  | { readonly type: "update"; readonly link: GivenLink }
  | { readonly type: "card"; readonly link: GivenLink }
  /** Neither a word we know nor a share link. */
  | { readonly type: "unclear" };

export function readShareRequest(text: string, lifted: Lifted): ShareRequest {
  const [word = ""] = text.trim().toLowerCase().split(/\s+/u, 1);
  const [link] = givenLinks(pagesIn(text), lifted);
  if (word === "") return { type: "form" };
  if (word === "help" || word === "list") return { type: word };
  if (word === "stop" || word === "update") return link ? { type: word, link } : { type: "unclear" };
  return link ? { type: "card", link } : { type: "unclear" };
}
