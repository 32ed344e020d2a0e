import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { CopyButton } from "../app/copy.tsx";
import { Icon } from "../app/icons.tsx";
import { lazy } from "../app/lazy.tsx";
import { CodeText } from "./code-text.tsx";
import type { Run } from "./highlight.ts";
import { languageName } from "./language-name.ts";

const Diagram = lazy(async () => (await import("./diagram.tsx")).Diagram);

export interface CodeBlockProps {
  readonly code: string;
  /** As it was written behind the fence; may be empty. */
  readonly language: string;
  /** Instead of the language's name. */
  readonly title?: ComponentChildren;
}

/** Code in its own scrolling box: long lines stay lines until the reader wants them wrapped. */
export function CodeBlock({ code, language, title }: CodeBlockProps) {
  const [wrapped, setWrapped] = useState(false);
  const [drawn, setDrawn] = useState(false);
  const drawable = language.toLowerCase() === "mermaid";
  return (
    <figure class={wrapped ? "code wrapped" : "code"}>
      <figcaption>
        <span class="code-title">{title ?? languageName(language)}</span>
        <span class="code-actions">
          {drawable && (
            <button type="button" class="button quiet small" aria-pressed={drawn} onClick={() => setDrawn(!drawn)}>
              <Icon name={drawn ? "file" : "image"} />
              {drawn ? "Show source" : "Show as diagram"}
            </button>
          )}
          {!drawn && hasLongLine(code) && (
            <button
              type="button"
              class="button quiet small"
              aria-pressed={wrapped}
              onClick={() => setWrapped(!wrapped)}
            >
              Wrap
            </button>
          )}
          <CopyButton text={() => code} label="Copy" className="button quiet small" />
        </span>
      </figcaption>
      {drawn ? <Diagram source={code} /> : <Highlighted code={code} language={language} />}
    </figure>
  );
}

/** About what fits on a phone beside nothing else. */
const LONG_LINE = 48;

function hasLongLine(code: string): boolean {
  return new RegExp(`[^\\n]{${LONG_LINE}}`).test(code);
}

function Highlighted({ code, language }: { code: string; language: string }) {
  const runs = useRuns(code, language);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard
    <pre tabIndex={0} dir="ltr">
      <code>
        <CodeText code={code} runs={runs} />
      </code>
    </pre>
  );
}

/** Null until the colours are there, and for code that has none. */
function useRuns(code: string, language: string): readonly Run[] | null {
  const [coloured, setColoured] = useState<{ readonly code: string; readonly runs: readonly Run[] | null } | null>(
    null,
  );
  useEffect(() => {
    if (language === "") return;
    let wanted = true;
    colour(code, language).then(
      (runs) => wanted && setColoured({ code, runs }),
      // Without colours the code is still there to read.
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [code, language]);
  return coloured?.code === code ? coloured.runs : null;
}

async function colour(code: string, language: string): Promise<readonly Run[] | null> {
  const { highlight } = await import("./highlight.ts");
  return highlight(code, language);
}
