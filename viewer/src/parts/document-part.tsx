import { plainLine } from "@openmates-share/client";
import { useState } from "preact/hooks";
import { CopyButton } from "../app/copy.tsx";
import { Dialog } from "../app/dialog.tsx";
import { Icon } from "../app/icons.tsx";
import { RichText } from "../chat/message-text.tsx";
import { ShareTextButton } from "../embed/share-text-button.tsx";
import { CodeBlock } from "../markdown/code-block.tsx";

/** Something written beside the conversation: a canvas, an artifact. */
export function DocumentPart(props: { title: string; text: string; language: string | null }) {
  const { text, language } = props;
  const title = plainLine(props.title) || "Untitled";
  const [large, setLarge] = useState(false);
  const inside = language === null ? <RichText text={text} /> : <CodeBlock code={text} language={language} />;
  return (
    <section class="document" aria-label={`Document: ${title}`}>
      <header class="document-head">
        <Icon name="file" />
        <b dir="auto">{title}</b>
        <ShareTextButton type={language === null ? "document" : "code"} title={title} text={text} language={language} />
        <CopyButton text={() => text} label="Copy document" className="button quiet round small" iconOnly />
        <button type="button" class="button quiet small" onClick={() => setLarge(true)}>
          Open
        </button>
      </header>
      <div class="document-start">{inside}</div>
      {large && (
        <Dialog title={title} onClose={() => setLarge(false)}>
          <div class="document-large">{inside}</div>
        </Dialog>
      )}
    </section>
  );
}
