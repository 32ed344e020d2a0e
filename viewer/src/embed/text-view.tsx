import type { OpenedEmbed } from "@openmates-share/client";
import { useEffect, useState } from "preact/hooks";
import { sentenceOf } from "../app/problem.tsx";
import { RichText } from "../chat/message-text.tsx";
import { CodeBlock } from "../markdown/code-block.tsx";

/** More text than that is for a program of its own. Bytes. */
const READABLE = 1 << 20;

/** Whether its content can be shown as text here. */
export function isReadable({ type, mediaType, name, size }: Pick<OpenedEmbed, "type" | "mediaType" | "name" | "size">) {
  if (size > READABLE) return false;
  if (type === "code" || type === "document") return true;
  return /^(text\/|application\/(json|xml|x-ndjson|javascript|toml|yaml))/i.test(mediaType) || TEXTS.test(name);
}

const TEXTS = /\.(txt|log|csv|tsv|ini|conf|diff|patch|srt|tex|rst)$/i;

type Loaded = { readonly text: string } | { readonly problem: string } | null;

/** Code, a document or another text: as text, whatever stands in it. */
export function TextView({ embed, bare = false }: { embed: OpenedEmbed; bare?: boolean }) {
  const [loaded, setLoaded] = useState<Loaded>(null);
  useEffect(() => {
    const abort = new AbortController();
    embed
      .text({ signal: abort.signal })
      .then((text) => setLoaded({ text }))
      .catch((error: unknown) => {
        if (!abort.signal.aborted) setLoaded({ problem: sentenceOf(error) });
      });
    return () => abort.abort();
  }, [embed]);
  if (loaded === null) return <p class="hint" role="status">{`Decrypting …`}</p>;
  if ("problem" in loaded) {
    return (
      <p class="sentence bad" role="alert">
        {loaded.problem}
      </p>
    );
  }
  if (isMarkdown(embed)) {
    const text = <RichText text={loaded.text} />;
    return bare ? text : <div class="embed-document">{text}</div>;
  }
  return <CodeBlock code={loaded.text} language={embed.language ?? languageOf(embed.name)} />;
}

function isMarkdown({ type, language, mediaType, name }: OpenedEmbed): boolean {
  return (type === "document" && language === null) || mediaType === "text/markdown" || /\.(md|markdown)$/i.test(name);
}

/** The end of its name, which is what languages are mostly called. */
function languageOf(name: string): string {
  return /\.([a-z0-9]{1,10})$/i.exec(name)?.[1]?.toLowerCase() ?? "";
}
