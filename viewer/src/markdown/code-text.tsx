import type { ComponentChildren } from "preact";
import type { Run } from "./highlight.ts";
import { namingInvisible } from "./invisible.ts";

/** Code as it is read: coloured where its runs are known, and with what cannot be seen made visible. */
export function CodeText({ code, runs = null }: { code: string; runs?: readonly Run[] | null }) {
  if (runs === null) return <>{seen(code)}</>;
  return (
    <>
      {runs.map((run, index) =>
        typeof run === "string" ? (
          seen(run)
        ) : (
          <span key={index} class={`hl-${run[0]}`}>
            {seen(run[1])}
          </span>
        ),
      )}
    </>
  );
}

function seen(text: string): ComponentChildren {
  const pieces = namingInvisible(text);
  if (pieces.length === 1 && typeof pieces[0] === "string") return text;
  return pieces.map((piece, index) => (typeof piece === "string" ? piece : <Named key={index} code={piece.code} />));
}

function Named({ code }: { code: string }) {
  return (
    <span class="invisible" title="A character that cannot be seen">
      {code}
    </span>
  );
}
