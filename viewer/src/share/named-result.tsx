import type { ChatId } from "@openmates-share/client";
import { useEffect, useRef, useState } from "preact/hooks";
import { CopyButton } from "../app/copy.tsx";
import { counted } from "../app/dates.ts";
import { Icon } from "../app/icons.tsx";
import { sentenceOf } from "../app/problem.tsx";
import { ProblemLine } from "../app/problem-line.tsx";
import { useSession } from "../app/session.ts";
import { announce } from "../app/toasts.tsx";
import { useTask } from "../app/use-task.ts";
import { letter } from "./letter.ts";
import { LocalLinkNote } from "./local-link-note.tsx";
import { MailWays } from "./mail-ways.tsx";
import type { Made, MadeLink, Unmade } from "./make-links.ts";

type Sending = "sending" | "sent" | { readonly failed: string };

/** A link for each person, and the ways to bring it to them. */
export function NamedResult(props: {
  chat: ChatId;
  made: Made;
  title: string;
  hasPassword: boolean;
  /** Makes the missing links again; left out where there is nothing to try. */
  onRetry?: ((unmade: readonly Unmade[]) => Promise<void>) | undefined;
}) {
  const { chat, made, title, hasPassword, onRetry } = props;
  const { client } = useSession();
  const [sending, setSending] = useState<ReadonlyMap<string, Sending>>(new Map());
  const again = useTask({ says: "toast" });
  const top = useRef<HTMLDivElement>(null);
  useEffect(() => top.current?.focus({ preventScroll: true }), []);
  const note = (link: string, state: Sending) => setSending((now) => new Map(now).set(link, state));
  const send = async ({ link, address }: MadeLink) => {
    note(link, "sending");
    try {
      await client.invite(chat, link);
      note(link, "sent");
      announce(`Mail sent to ${address}`);
    } catch (error) {
      note(link, { failed: sentenceOf(error) });
    }
  };
  const left = made.links.filter(({ link }) => sending.get(link) !== "sent" && sending.get(link) !== "sending");
  const sendAll = async () => {
    for (const link of left) await send(link);
  };
  return (
    <div class="stack" ref={top} tabIndex={-1}>
      <p>
        {made.links.length === 1 ? "This link opens" : "Each link opens"} only for its person, after they sign in with a
        code sent to their address{hasPassword ? ", and with the password" : ""}. Now it has to get there:
      </p>
      {made.links[0] && <LocalLinkNote url={made.links[0].url} />}
      <div class="sentence">
        <p>
          <b>Send the mail for me:</b> the link passes through this server, key included, for as long as the mail takes;
          it is not kept or logged. The mail providers on the way see it, too.
        </p>
        <p>
          <b>I’ll send it myself:</b> opens your own mail program, or copy the text and send it by any way you like.
          Only those you send it by see it.
        </p>
      </div>
      {left.length > 1 && (
        <div class="row">
          <button type="button" class="button primary" onClick={() => void sendAll()}>
            <Icon name="mail" />
            Send all {left.length} mails for me
          </button>
        </div>
      )}
      <ul class="links" aria-label="Links for people">
        {made.links.map((link) => (
          <PersonRow
            key={link.link}
            link={link}
            title={title}
            state={sending.get(link.link)}
            onSend={() => send(link)}
          />
        ))}
      </ul>
      {made.unmade.length > 0 && (
        <div class="sentence bad" role="alert">
          <p>{counted(made.unmade.length, "link")} could not be made:</p>
          <ul class="adds">
            {made.unmade.map(({ address, sentence }) => (
              <li key={address}>
                <bdi>{address}</bdi>: {sentence}
              </li>
            ))}
          </ul>
          {onRetry && (
            <button
              type="button"
              class="text-button"
              disabled={again.busy}
              onClick={() => again.run(() => onRetry(made.unmade))}
            >
              Try again
            </button>
          )}
        </div>
      )}
    </div>
  );
}

function PersonRow(props: { link: MadeLink; title: string; state: Sending | undefined; onSend: () => Promise<void> }) {
  const { link, title, state, onSend } = props;
  const { address, url } = link;
  return (
    <li class="link-row">
      <b class="long">
        <bdi>{address}</bdi>
      </b>
      <div class="row">
        <MailWays
          address={address}
          url={url}
          title={title}
          state={typeof state === "string" ? state : "unsent"}
          onSend={() => void onSend()}
          primary
        />
        <CopyButton text={() => url} label="Copy link" />
        <CopyButton text={() => letter({ url, title }).text} label="Copy text" />
      </div>
      <ProblemLine problem={typeof state === "object" ? state.failed : null} />
    </li>
  );
}
