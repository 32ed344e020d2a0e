import { Icon } from "../app/icons.tsx";
import { mailto } from "./letter.ts";

/** The two ways that a link gets to its person by mail: by this server, and by one's own mail program. */
export function MailWays(props: {
  address: string | null;
  url: string;
  title: string;
  /** Of the mail by this server. */
  state: "unsent" | "sending" | "sent";
  onSend: () => void;
  /** Whether sending it is what one is here for. */
  primary?: boolean;
}) {
  const { address, url, title, state, onSend, primary = false } = props;
  return (
    <>
      {state === "sent" ? (
        <span class="mark shared" role="status">
          <Icon name="check" />
          Mail sent
        </span>
      ) : (
        <button
          type="button"
          class={primary ? "button small primary" : "button small"}
          aria-label={`Send the mail for me, to ${address}`}
          disabled={state === "sending"}
          onClick={onSend}
        >
          {state === "sending" ? "Sending…" : "Send the mail for me"}
        </button>
      )}
      <a class="button small" href={mailto({ address, url, title })} aria-label={`I’ll send it myself, to ${address}`}>
        I’ll send it myself
      </a>
    </>
  );
}
