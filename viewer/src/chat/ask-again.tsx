import type { AskOptions, MessageId } from "@openmates-share/client";
import { useEffect, useMemo } from "preact/hooks";
import { Icon } from "../app/icons.tsx";
import { AskChoice } from "./ask-choice.ts";
import { AskPreview } from "./ask-preview.tsx";
import type { RoomModel } from "./room-model.ts";
import { useStoredQuestion } from "./use-question.ts";

export interface AskAgainProps {
  readonly model: RoomModel;
  /** The message that asks. */
  readonly message: MessageId;
  readonly label: string;
  /** The model of the server's to begin with; null for its first. */
  readonly of?: string | null;
  /** Who alone may answer; the server's models or one's own when left out. */
  readonly only?: AskChoice["only"];
  /** Whether asking the server's first model is in vain. */
  readonly another?: boolean;
  readonly disabled?: boolean;
  readonly onAsk: (options: AskOptions) => void;
}

/** Asks with a message that is stored: what goes and to whom, and the button. Exactly what is shown goes. */
export function AskAgain(props: AskAgainProps) {
  const { model, message, label, of = null, only = null, another = false, disabled = false, onAsk } = props;
  const choice = useMemo(() => new AskChoice({ only }), [only]);
  useEffect(() => {
    choice.model.value = of;
  }, [choice, of]);
  const question = useStoredQuestion(model, message, choice);
  if (!question) return null;
  const { own } = choice;
  if (only === "own" && !own) return null;
  const ask = async () => {
    const { along } = question;
    onAsk(own ? { along, own: await model.modelOf(own) } : { along, model: choice.model.value });
  };
  return (
    <div class="ask-again">
      <AskPreview {...question} model={model} choice={choice} />
      {(own || !another || choice.model.value !== null) && (
        <button type="button" class="button small" disabled={disabled} onClick={() => ask().catch(reportError)}>
          <Icon name="retry" />
          {label}
        </button>
      )}
    </div>
  );
}
