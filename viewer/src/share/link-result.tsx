import { useEffect, useId, useRef } from "preact/hooks";
import { CopyButton } from "../app/copy.tsx";
import { Icon } from "../app/icons.tsx";
import { lazy } from "../app/lazy.tsx";

const QrCode = lazy(async () => (await import("./qr-code.tsx")).QrCode);

/** A link, ready to be sent. */
export function LinkResult({ url, hasPassword, title }: { url: string; hasPassword: boolean; title: string }) {
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
            value={url}
            onFocus={(event) => event.currentTarget.select()}
          />
          <CopyButton text={() => url} label="Copy link" className="button primary" />
        </div>
      </div>
      <p class="hint">
        {hasPassword
          ? "Whoever has this link and the password can open the chat."
          : "Whoever has this link can open the chat, so send it only to those who may."}{" "}
        The part after # is the key; it never reaches the server.
      </p>
      <div class="link-more">
        <QrCode text={url} label="QR code of the link" />
        {"share" in navigator && (
          <button type="button" class="button" onClick={() => void shareBySystem({ url, title })}>
            <Icon name="share" />
            Send by …
          </button>
        )}
      </div>
    </div>
  );
}

async function shareBySystem(data: { url: string; title: string }): Promise<void> {
  // Rejects when the person changes their mind, which is nothing to talk about.
  await navigator.share(data).catch(() => undefined);
}
