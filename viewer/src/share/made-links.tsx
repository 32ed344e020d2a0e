import type { ChatId } from "@openmates-share/client";
import { LinkResult } from "./link-result.tsx";
import type { Made, Unmade } from "./make-links.ts";
import { NamedResult } from "./named-result.tsx";

/** What sharing has made: the one link for everybody, or a link for each person, and the ways to bring it to them. */
export function MadeLinks(props: {
  chat: ChatId;
  made: Made;
  title: string;
  hasPassword: boolean;
  /** Makes the missing links again; left out where there is nothing to try. */
  onRetry?: (unmade: readonly Unmade[]) => Promise<void>;
}) {
  const { made, title, hasPassword } = props;
  const [first] = made.links;
  if (first && first.address === null) return <LinkResult url={first.url} hasPassword={hasPassword} title={title} />;
  return <NamedResult {...props} />;
}
