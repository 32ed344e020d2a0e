import type { Source } from "@openmates-share/client";
import { plainLine } from "@openmates-share/client";
import { StrangersLink } from "../markdown/links.tsx";
import { hostOf, safeUrl } from "../markdown/safe-url.ts";

/** Beyond these the list waits behind a click. */
const SHOWN = 6;

/** Where the text's citations lead. */
export function SourcesPart({ sources }: { sources: readonly Source[] }) {
  if (sources.length === 0) return null;
  const rest = sources.slice(SHOWN);
  return (
    <section class="sources" aria-label="Sources">
      <p class="sources-title">{sources.length === 1 ? "1 source" : `${sources.length} sources`}</p>
      <SourceList sources={sources.slice(0, SHOWN)} />
      {rest.length > 0 && (
        <details>
          <summary class="sources-more">{rest.length} more</summary>
          <SourceList sources={rest} />
        </details>
      )}
    </section>
  );
}

function SourceList({ sources }: { sources: readonly Source[] }) {
  return (
    <ul>
      {sources.map((source, index) => (
        <li key={index}>
          <SourceLine {...source} />
        </li>
      ))}
    </ul>
  );
}

function SourceLine({ title, url }: Source) {
  const address = safeUrl(url);
  const name = plainLine(title);
  if (address === null) return <span dir="auto">{name || plainLine(url)}</span>;
  const host = hostOf(address).replace(/^www\./, "");
  return (
    <>
      <StrangersLink address={address}>{name || host}</StrangersLink>
      {name && <span class="source-host">{host}</span>}
    </>
  );
}
