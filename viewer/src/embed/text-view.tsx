import type { OpenedEmbed } from "@openmates-share/client";
import { useCallback } from "preact/hooks";
import { ProblemLine } from "../app/problem-line.tsx";
import { useLoaded } from "../app/use-loaded.ts";
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

/** Code, a document or another text: as text, whatever stands in it. */
export function TextView({ embed, bare = false }: { embed: OpenedEmbed; bare?: boolean }) {
  const { value: text, problem } = useLoaded(useCallback((signal) => embed.text({ signal }), [embed]));
  if (problem) return <ProblemLine problem={problem} />;
  if (text === null) return <p class="hint" role="status">{`Decrypting…`}</p>;
  if (isMarkdown(embed)) {
    const rich = <RichText text={text} />;
    return bare ? rich : <div class="embed-document">{rich}</div>;
  }
  return <CodeBlock code={text} language={embed.language ?? languageOf(embed.name)} />;
}

function isMarkdown({ type, language, mediaType, name }: OpenedEmbed): boolean {
  return (type === "document" && language === null) || mediaType === "text/markdown" || /\.(md|markdown)$/i.test(name);
}

/** The end of its name, which is what languages are mostly called. */
function languageOf(name: string): string {
  return /\.([a-z0-9]{1,10})$/i.exec(name)?.[1]?.toLowerCase() ?? "";
}
