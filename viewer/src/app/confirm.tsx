import { signal } from "@preact/signals";
import { Dialog, DialogFoot } from "./dialog.tsx";

interface Question {
  readonly title: string;
  readonly text: string;
  readonly yes: string;
  readonly danger: boolean;
}

const asked = signal<{ readonly question: Question; readonly answer: (yes: boolean) => void } | null>(null);

/** Asks before something that cannot be taken back. */
export function confirmed(question: Question): Promise<boolean> {
  asked.value?.answer(false);
  return new Promise((resolve) => {
    asked.value = {
      question,
      answer: (yes) => {
        asked.value = null;
        resolve(yes);
      },
    };
  });
}

export function Confirm() {
  const open = asked.value;
  if (!open) return null;
  const { question, answer } = open;
  return (
    <Dialog title={question.title} onClose={() => answer(false)}>
      <p>{question.text}</p>
      <DialogFoot>
        <button type="button" class="button" onClick={() => answer(false)}>
          Cancel
        </button>
        <button type="button" class={question.danger ? "button danger" : "button primary"} onClick={() => answer(true)}>
          {question.yes}
        </button>
      </DialogFoot>
    </Dialog>
  );
}
