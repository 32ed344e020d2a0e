import { plainLine } from "@openmates-share/client";
import type { ComponentChildren } from "preact";
import { hostOf } from "./safe-url.ts";

/** A link that somebody else wrote: it opens beside this page, learns nothing of it and gives nobody a good name. */
export function StrangersLink(props: { address: string; children: ComponentChildren; className?: string }) {
  const { address, children, className } = props;
  return (
    <a class={className} href={address} target="_blank" rel="noopener noreferrer nofollow" title={address} dir="auto">
      {children}
    </a>
  );
}

/** Behind a link whose words are another address than the one that it leads to. */
export function RealHost({ address, words }: { address: string; words: string }) {
  if (!claimsOther(address, words)) return null;
  return <span class="real-host"> ({hostOf(address)})</span>;
}

const ADDRESS = /^(?:https?:\/\/)?((?:[\p{L}\p{N}-]+\.)+\p{L}{2,})(?:[:/?#]|$)/iu;

/** Whether the words read like an address, and its host is another. */
function claimsOther(address: string, words: string): boolean {
  // As it is read: without what can't be seen, and with wide letters and dots as the plain ones.
  const claimed = ADDRESS.exec(plainLine(words.normalize("NFKC")))?.[1]
    ?.toLowerCase()
    .replace(/^www\./, "");
  if (claimed === undefined || !address.startsWith("http")) return false;
  const host = hostOf(address)
    .toLowerCase()
    .replace(/^www\./, "")
    .replace(/:\d+$/, "");
  return host !== claimed && !host.endsWith(`.${claimed}`);
}
