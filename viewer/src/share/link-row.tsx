import type { ChatId, OwnedLink } from "@openmates-share/client";
import { useState } from "preact/hooks";
import { confirmed } from "../app/confirm.tsx";
import { CopyButton } from "../app/copy.tsx";
import { counted, mediumTime } from "../app/dates.ts";
import { Icon } from "../app/icons.tsx";
import { sentenceOf } from "../app/problem.tsx";
import { useSession } from "../app/session.ts";
import { toast } from "../app/toasts.tsx";

/** One link of the owner's: what it allows, how it is used, and its end. */
export function LinkRow(props: {
  link: OwnedLink;
  chat: ChatId;
  onShow: (url: string) => void;
  onRevoked: () => Promise<void>;
}) {
  const { link, chat, onShow, onRevoked } = props;
  const { client } = useSession();
  const [busy, setBusy] = useState(false);
  const { url } = link;
  const together = link.mode === "collaborative";
  const name = link.label ?? (together ? "Link to write together" : "Link to read");
  const revoke = async () => {
    const yes = await confirmed({
      title: "Revoke this link?",
      text: "It stops working at once, for everyone who uses it. What people have already read or copied can’t be taken back.",
      yes: "Revoke link",
      danger: true,
    });
    if (!yes) return;
    setBusy(true);
    try {
      await client.revokeLink(chat, link.link);
      toast("The link was revoked.");
      await onRevoked();
    } catch (error) {
      toast(sentenceOf(error));
      setBusy(false);
    }
  };
  return (
    <li class="link-row">
      <div>
        <b dir="auto">{name}</b>{" "}
        {link.label !== null && (
          <span class={together ? "mark accent" : "mark"}>
            <Icon name={together ? "people" : "eye"} />
            {together ? "Write together" : "Read"}
          </span>
        )}
        <p class="hint">
          Made {mediumTime(link.createdAt)} · {link.expiresAt === null ? "never expires" : expiry(link.expiresAt)} ·{" "}
          {counted(link.views, "view")}
        </p>
      </div>
      <div class="row">
        {url === null ? (
          <span class="hint">Its key is on another device.</span>
        ) : (
          <>
            <CopyButton text={() => url} label="Copy" />
            <button type="button" class="button small" onClick={() => onShow(url)}>
              Show
            </button>
          </>
        )}
        <button
          type="button"
          class="button small"
          aria-label={`Revoke link “${name}”`}
          disabled={busy}
          onClick={() => void revoke()}
        >
          Revoke
        </button>
      </div>
    </li>
  );
}

function expiry(time: number): string {
  return time <= Date.now() ? `expired ${mediumTime(time)}` : `expires ${mediumTime(time)}`;
}
