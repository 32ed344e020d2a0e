import type { ReceiverEvent } from "@slack/bolt";
import { describeError } from "../quiet-logger.ts";
import { sentence } from "../screens/mrkdwn-text.ts";
import { closedModal } from "../screens/share-modal.ts";
import { answerAt } from "../slack/response-url.ts";
import type { Card } from "../slack/slack.ts";

type Process = (event: ReceiverEvent) => Promise<void>;

/** What Slack asks an app, by the word in its payloads; commands have none. */
const KINDS = [
  "block_actions",
  "block_suggestion",
  "event_callback",
  "interactive_message",
  "message_action",
  "shortcut",
  "view_closed",
  "view_submission",
] as const;
type Kind = (typeof KINDS)[number] | "command" | "request";

const UNKNOWN =
  "I don't know this button or form: it may be from an older version of me. `/share help` says what I can do.";
const UNKNOWN_COMMAND = "I don't know this command. `/share help` says what I can do.";

/**
 * Has the last word on a request that no listener acknowledged, because none is for it or because one failed before that.
 * Otherwise Slack would wait for three seconds, and then tell the person that the app is broken. It is acknowledged at once
 * instead, with words wherever Slack shows some, and the log says so.
 */
export class Unclaimed {
  readonly #log: (line: string) => void;

  constructor({ log }: { log: (line: string) => void }) {
    this.#log = log;
  }

  async watch(event: ReceiverEvent, process: Process): Promise<void> {
    let acknowledged = false;
    const ack = async (answer?: unknown) => {
      acknowledged = true;
      await event.ack(answer);
    };
    try {
      await process({ ...event, ack });
    } catch (error) {
      if (acknowledged) throw error;
      this.#log(`A request of a shape that nobody knows: ${describeError(error)}`);
    }
    if (!acknowledged) await this.#settle(event);
  }

  async #settle({ body, ack }: ReceiverEvent): Promise<void> {
    const kind = kindOf(body);
    this.#log(`Nobody took this (unclaimed_${kind}).`);
    await ack(answerTo(kind));
    const url: unknown = body.response_url;
    // Slack shows what comes with the acknowledgement of a command or a form; all others have to be told.
    if (typeof url === "string" && kind !== "command") await tell(url, sentence(UNKNOWN));
  }
}

function kindOf({ command, type }: ReceiverEvent["body"]): Kind {
  return command === undefined ? (KINDS.find((known) => known === type) ?? "request") : "command";
}

/** What to acknowledge with. */
function answerTo(kind: Kind): object | undefined {
  switch (kind) {
    case "command":
      return { response_type: "ephemeral", text: UNKNOWN_COMMAND };
    case "view_submission":
      return { response_action: "update", view: closedModal(sentence(UNKNOWN).blocks) };
    case "block_suggestion":
      return { options: [] };
    default:
      return undefined;
  }
}

/** Who can't be told any more has gone. */
async function tell(url: string, card: Card): Promise<void> {
  await answerAt(url, card).catch(() => undefined);
}
