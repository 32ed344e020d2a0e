import type { ChatId, OwnedLink } from "@openmates-share/client";
import { confirmed } from "../app/confirm.tsx";
import { CopyButton } from "../app/copy.tsx";
import { counted, dayOf, mediumTime } from "../app/dates.ts";
import { Icon } from "../app/icons.tsx";
import { useSession } from "../app/session.ts";
import { toast } from "../app/toasts.tsx";
import { useTask } from "../app/use-task.ts";
import { endOf } from "./link-end.ts";
import { MailWays } from "./mail-ways.tsx";
import { nameOfLink, takingAway } from "./taking-away.ts";

/** One link of the owner's: what it allows, how it is used, and its end. */
export function LinkRow(props: {
  link: OwnedLink;
  /** All of them, to be named when others have to end too. */
  links: readonly OwnedLink[];
  chat: ChatId;
  title: string;
  onShow: () => void;
  onEdit: () => void;
  onChanged: () => Promise<void>;
}) {
  const { link, links, chat, title, onShow, onEdit, onChanged } = props;
  const { client } = useSession();
  const revoking = useTask({ says: "toast" });
  const mailing = useTask({ says: "toast" });
  const { url, audience } = link;
  const name = nameOfLink(link);
  const address = audience.type === "named" ? audience.address : null;
  const revoke = async () => {
    const yes = await confirmed({
      title: "Revoke this link?",
      text: "It stops working at once, for everyone who uses it, and what is written from now on is under a new key. Your other links go on working. What people have already read or copied can’t be taken back.",
      yes: "Revoke link",
      danger: true,
    });
    if (!yes) return;
    const done = await takingAway(links, async (alsoRevoke) => {
      await client.revokeLink(chat, link.link, { alsoRevoke });
      return "The link was revoked.";
    });
    if (done === null) return;
    toast(done);
    await onChanged();
  };
  const mail = async () => {
    const yes = await confirmed({
      title: `Mail the link to ${address}?`,
      text: "For that one mail the link passes through this server, key included; it is not kept or logged. The mail providers on the way see it, too.",
      yes: "Send the mail",
      danger: false,
    });
    if (!yes) return;
    mailing.run(async () => {
      await client.invite(chat, link.link);
      toast(`A mail is on its way to ${address}.`);
      await onChanged();
    });
  };
  return (
    <li class="link-row">
      <div>
        <div class="row between top">
          <b class="long">
            <bdi>{name}</bdi>
          </b>
          <LinkMarks link={link} />
        </div>
        {address !== null && address !== name && (
          <p class="hint long">
            For <bdi>{address}</bdi>
          </p>
        )}
        <p class="hint">{usage(link)}</p>
      </div>
      <div class="row">
        {url === null ? (
          <span class="hint">Its key is on another device: it can be shown and sent there only.</span>
        ) : (
          <>
            <CopyButton text={() => url} label="Copy" />
            <button
              type="button"
              class="button small"
              aria-label={`Show link “${name}” and its QR code`}
              onClick={onShow}
            >
              Show
            </button>
          </>
        )}
        {url !== null && address !== null && (
          <MailWays
            address={address}
            url={url}
            title={title}
            state={mailing.busy ? "sending" : "unsent"}
            onSend={() => void mail()}
          />
        )}
        <button type="button" class="button small" aria-label={`Change link “${name}”`} onClick={onEdit}>
          Change
        </button>
        <button
          type="button"
          class="button small"
          aria-label={`Revoke link “${name}”`}
          disabled={revoking.busy}
          onClick={() => revoking.run(revoke)}
        >
          Revoke
        </button>
      </div>
    </li>
  );
}

function LinkMarks({ link }: { link: OwnedLink }) {
  const together = link.mode === "collaborative";
  const end = endOf(link);
  return (
    <span class="row marks">
      <span class={together ? "mark accent" : "mark"}>
        <Icon name={together ? "people" : "eye"} />
        {together ? "Write together" : "Read"}
      </span>
      {link.audience.type === "named" && (
        <span class="mark">
          <Icon name="lock" />
          {link.audience.accepted ? "One person, opened" : "One person"}
        </span>
      )}
      {end === "expired" && <span class="mark ended">Expired</span>}
      {end === "full" && <span class="mark ended">Limit reached</span>}
    </span>
  );
}

function usage({ createdAt, expiresAt, viewLimit, views, lastOpenedOn }: OwnedLink): string {
  const ends =
    expiresAt === null
      ? "never expires"
      : `${expiresAt <= Date.now() ? "expired" : "expires"} ${mediumTime(expiresAt)}`;
  const opened =
    viewLimit === null ? counted(views, "view") : `${views.toLocaleString()} of ${counted(viewLimit, "device")}`;
  const made = `Made ${mediumTime(createdAt)}`;
  // "0 views" says the same.
  if (lastOpenedOn === null && viewLimit === null) return [made, ends, "not opened yet"].join(" · ");
  const last = lastOpenedOn === null ? "not opened yet" : `last opened ${dayOf(lastOpenedOn)}`;
  return [made, ends, opened, last].join(" · ");
}
