import { CopyButton } from "../app/copy.tsx";

/** Code in its own scrolling box: long lines stay lines. */
export function CodeBlock({ code, language }: { code: string; language: string }) {
  return (
    <figure class="code">
      <figcaption>
        <span>{language || "Text"}</span>
        <CopyButton text={() => code} label="Copy" className="button quiet small" />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard */}
      <pre tabIndex={0} dir="ltr">
        <code>{code}</code>
      </pre>
    </figure>
  );
}
