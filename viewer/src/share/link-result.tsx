import { useEffect, useId, useRef } from "preact/hooks";
import { CopyButton } from "../app/copy.tsx";
import { Icon } from "../app/icons.tsx";
import { lazy } from "../app/lazy.tsx";
import { mailto } from "./letter.ts";
import { LocalLinkNote } from "./local-link-note.tsx";
import "../styles/share.css";

const QrCode = lazy(async () => (await import("./qr-code.tsx")).QrCode);

/** A link, ready to be sent. */
export function LinkResult(props: {
  url: string;
  /** Null where it is not known any more. */
  hasPassword: boolean | null;
  title: string;
  /** Of the person it is for. */
  address?: string | null;
}) {
  const { url, hasPassword, title, address = null } = props;
  const id = useId();
  const result = useRef<HTMLDivElement>(null);
  // The button that was pressed is gone; what one wants next is to copy.
  useEffect(() => result.current?.querySelector("button")?.focus(), []);
  return (
    <div class="link-result" ref={result}>
      <div class="field">
        <label for={id}>Link</label>
        <div class="with-button">
          <input
            id={id}
            class="input link-text"
            readOnly
            dir="ltr"
            value={url}
            onFocus={(event) => event.currentTarget.select()}
          />
          <CopyButton text={() => url} label="Copy link" className="button primary" />
        </div>
      </div>
      <LocalLinkNote url={url} />
      <p class="hint">{whoOpens(hasPassword, address)} The part after # is the key; it never reaches the server.</p>
      <div class="link-more">
        <QrCode text={url} label="QR code of the link" />
        <div class="row">
          <a class="button" href={mailto({ address, url, title })}>
            <Icon name="mail" />
            Write an e-mail
          </a>
          {"share" in navigator && (
            <button type="button" class="button" onClick={() => void shareBySystem({ url, title })}>
              <Icon name="share" />
              Send by…
            </button>
          )}
        </div>
        <p class="hint">By e-mail, the mail providers on the way see the link with its key.</p>
      </div>
    </div>
  );
}

function whoOpens(hasPassword: boolean | null, address: string | null): string {
  const needs = {
    true: "this link and the password",
    false: "this link",
    null: "this link (and its password, if any)",
  }[`${hasPassword}`];
  if (address !== null) return `It opens only for ${address}, after a sign-in, with ${needs}.`;
  return `Whoever has ${needs} can open it, so send it only to those who may.`;
}

async function shareBySystem(data: { url: string; title: string }): Promise<void> {
  // Rejects when the person changes their mind, which is nothing to talk about.
  await navigator.share(data).catch(() => undefined);
}
