import { ShareTextButton } from "../embed/share-text-button.tsx";
import { CodeBlock } from "../markdown/code-block.tsx";
import { languageName } from "../markdown/language-name.ts";
import { Fold, linesOf, startOf } from "./fold.tsx";

/** Lines that are shown without asking. */
const SHORT = 24;

/** What was handed to a tool or an interpreter. */
export function CodePart(props: { text: string; language: string | null; tool: string | null }) {
  const { text, language, tool } = props;
  const title = (
    <>
      {tool ? `Sent to ${tool}` : languageName(language ?? "")}
      <ShareTextButton type="code" title={tool ?? "code"} text={text} language={language ?? ""} />
    </>
  );
  const box = <CodeBlock code={text} language={language ?? ""} title={title} />;
  if (text.split("\n").length <= SHORT) return <div class="part">{box}</div>;
  return (
    <Fold title={tool ? `Sent to ${tool}, ${linesOf(text)}` : `Code, ${linesOf(text)}`} start={startOf(text)}>
      {box}
    </Fold>
  );
}
