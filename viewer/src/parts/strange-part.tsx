import { plainLine } from "@openmates-share/client";
import { CodeBlock } from "../markdown/code-block.tsx";
import { Fold } from "./fold.tsx";

/** Content of an import that there is no rendering for: named and kept. */
export function OtherPart({ named, text }: { named: string; text: string }) {
  const name = plainLine(named);
  return (
    <Fold title={`This part came as ${name} and is shown as it is`}>
      <CodeBlock code={text} language={looksLikeJson(text) ? "json" : ""} title={name} />
    </Fold>
  );
}

/** A part that a newer version of this app wrote. */
export function UnknownPart({ named, json }: { named: string; json: unknown }) {
  const name = plainLine(named);
  return (
    <Fold title={`This part (${name}) is from a newer version of OpenMates Share. Reload the page to get it`}>
      <CodeBlock code={JSON.stringify(json, null, 2)} language="json" title={name} />
    </Fold>
  );
}

function looksLikeJson(text: string): boolean {
  return /^\s*[[{]/.test(text);
}
