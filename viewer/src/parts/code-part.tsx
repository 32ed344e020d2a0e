import { CodeBlock } from "../markdown/code-block.tsx";
import { Fold, linesOf, startOf } from "./fold.tsx";

/** Lines that are shown without asking. */
const SHORT = 24;

/** What was handed to a tool or an interpreter. */
export function CodePart(props: { text: string; language: string | null; tool: string | null }) {
  const { text, language, tool } = props;
  const box = <CodeBlock code={text} language={language ?? ""} title={tool && `Sent to ${tool}`} />;
  if (text.split("\n").length <= SHORT) return <div class="part">{box}</div>;
  return (
    <Fold title={tool ? `Sent to ${tool}, ${linesOf(text)}` : `Code, ${linesOf(text)}`} start={startOf(text)}>
      {box}
    </Fold>
  );
}
