import { Icon } from "../app/icons.tsx";
import { CodeBlock } from "../markdown/code-block.tsx";
import { Fold, linesOf, startOf } from "./fold.tsx";

/** What a tool gave back. */
export function OutputPart({ text, tool, failed }: { text: string; tool: string | null; failed: boolean }) {
  const by = tool ? ` of ${tool}` : "";
  const title = failed ? (
    <>
      <Icon name="alert" /> Error{by}, {linesOf(text)}
    </>
  ) : (
    `Output${by}, ${linesOf(text)}`
  );
  return (
    <Fold title={title} start={startOf(text)} className={failed ? "failed" : ""}>
      <CodeBlock code={text} language="" title={failed ? "Error" : "Output"} />
    </Fold>
  );
}
