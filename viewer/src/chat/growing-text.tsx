import { signal } from "@preact/signals";
import { PlainText } from "./message-text.tsx";

type Growing = typeof import("../markdown/growing-markdown.tsx").GrowingMarkdown;

const growing = signal<Growing | null>(null);
let asked = false;

/** The words of an answer as they come; as written until the code that gives them their form is here. */
export function GrowingText({ text }: { text: string }) {
  const Form = growing.value;
  if (Form) return <Form text={text} />;
  if (!asked) {
    asked = true;
    import("../markdown/growing-markdown.tsx").then(
      ({ GrowingMarkdown }) => {
        growing.value = GrowingMarkdown;
      },
      // It can be read all the same, and the finished answer says what is missing.
      () => undefined,
    );
  }
  return <PlainText text={text} />;
}
