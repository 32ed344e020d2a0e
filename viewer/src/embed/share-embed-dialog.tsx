import {
  type ChatId,
  type Embeds,
  isEmbedType,
  LIMITS,
  type OpenedEmbed,
  type OwnedEmbedLink,
} from "@openmates-share/client";
import { useCallback, useState } from "preact/hooks";
import { confirmed } from "../app/confirm.tsx";
import { CopyButton } from "../app/copy.tsx";
import { counted, mediumTime } from "../app/dates.ts";
import { Dialog, DialogFoot } from "../app/dialog.tsx";
import { DialogForm } from "../app/dialog-form.tsx";
import { Icon } from "../app/icons.tsx";
import { ProblemLine } from "../app/problem-line.tsx";
import { useSession } from "../app/session.ts";
import { toast } from "../app/toasts.tsx";
import { useLoaded } from "../app/use-loaded.ts";
import { useTask } from "../app/use-task.ts";
import { LinkResult } from "../share/link-result.tsx";
import { checkLimits, DEFAULT_SETTINGS, linkOptions, PasswordAndExpiry } from "../share/link-settings.tsx";
import { fileSize, kindOf, safeFileName } from "./file-names.ts";

interface Ready {
  readonly embed: OpenedEmbed;
  readonly embeds: Embeds;
  readonly links: readonly OwnedEmbedLink[];
}

/** Everything an owner decides about who gets to see one file, apart from the chat it stands in. */
export function ShareEmbedDialog(props: {
  open: (signal: AbortSignal) => Promise<OpenedEmbed>;
  chat: ChatId | null;
  onClose: () => void;
}) {
  const { open, chat, onClose } = props;
  const { client } = useSession();
  const [made, setMade] = useState<{ url: string; hasPassword: boolean } | null>(null);
  const load = useCallback(
    async (signal: AbortSignal): Promise<Ready> => {
      const [embed, embeds] = await Promise.all([open(signal), client.embeds()]);
      return { embed, embeds, links: await embeds.links(embed.ref.id) };
    },
    [client, open],
  );
  const { value: ready, problem, reload } = useLoaded(load);
  const title = ready ? `Share “${safeFileName(ready.embed.name)}”` : "Share";
  return (
    <Dialog title={title} onClose={onClose}>
      <ProblemLine problem={problem} onRetry={() => void reload()} />
      {!ready && !problem && <p class="hint">Loading…</p>}
      {ready && made && (
        <>
          <LinkResult url={made.url} hasPassword={made.hasPassword} title={safeFileName(ready.embed.name)} />
          <DialogFoot>
            <button type="button" class="button" onClick={() => setMade(null)}>
              <Icon name="back" />
              All links
            </button>
          </DialogFoot>
        </>
      )}
      {ready && !made && (
        <div class="stack">
          <p class="hint">
            A link of its own opens this alone, and nothing of the chat. It is encrypted with a key that only the link
            has.
          </p>
          <Links ready={ready} onShow={setMade} onChanged={reload} />
          <NewLink
            ready={ready}
            chat={chat}
            onMade={(link) => {
              setMade(link);
              void reload();
            }}
          />
        </div>
      )}
    </Dialog>
  );
}

function Links(props: {
  ready: Ready;
  onShow: (made: { url: string; hasPassword: boolean }) => void;
  onChanged: () => Promise<void>;
}) {
  const { ready, onShow, onChanged } = props;
  const { busy, run } = useTask({ says: "toast" });
  if (ready.links.length === 0) return null;
  const revoke = async (link: OwnedEmbedLink) => {
    const yes = await confirmed({
      title: "Revoke this link?",
      text: "It stops working at once, for everyone who uses it. What people have already opened or copied can’t be taken back.",
      yes: "Revoke link",
      danger: true,
    });
    if (!yes) return;
    await ready.embeds.revokeLink(ready.embed.ref.id, link.link);
    toast("The link was revoked.");
    await onChanged();
  };
  return (
    <section aria-labelledby="embed-links">
      <h3 id="embed-links">Links</h3>
      <ul class="links">
        {ready.links.map((link) => {
          const { url } = link;
          const name = link.label ?? "Link to see it";
          return (
            <li key={link.link} class="link-row">
              <div>
                <b dir="auto">{name}</b>
                <p class="hint">
                  Made {mediumTime(link.createdAt)} ·{" "}
                  {link.expiresAt === null ? "never expires" : `expires ${mediumTime(link.expiresAt)}`} ·{" "}
                  {counted(link.views, "view")}
                </p>
              </div>
              <div class="row">
                {url === null ? (
                  <span class="hint">Its key is on another device.</span>
                ) : (
                  <>
                    <CopyButton text={() => url} label="Copy" />
                    <button type="button" class="button small" onClick={() => onShow({ url, hasPassword: false })}>
                      Show
                    </button>
                  </>
                )}
                <button
                  type="button"
                  class="button small"
                  aria-label={`Revoke link “${name}”`}
                  disabled={busy}
                  onClick={() => run(() => revoke(link))}
                >
                  Revoke
                </button>
              </div>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function NewLink(props: {
  ready: Ready;
  chat: ChatId | null;
  onMade: (made: { url: string; hasPassword: boolean }) => void;
}) {
  const { ready, chat, onMade } = props;
  const [settings, setSettings] = useState(DEFAULT_SETTINGS);
  const [card, setCard] = useState(false);
  const task = useTask();
  const make = async () => {
    checkLimits(settings);
    const { password, label, expiresAt } = linkOptions(settings);
    const options = { password: password ?? null, label: label ?? null, expiresAt: expiresAt ?? null, chat };
    const { url } = await ready.embeds.share(ready.embed, options);
    if (card) await ready.embeds.setPreview(ready.embed.ref.id, cardOf(ready.embed));
    onMade({ url, hasPassword: settings.password !== "" });
  };
  return (
    <DialogForm
      task={task}
      onSubmit={make}
      submit={
        <>
          <Icon name="link" />
          Create link
        </>
      }
      working="Creating…"
    >
      <PasswordAndExpiry settings={settings} onChange={setSettings} />
      <label class="choice">
        <input type="checkbox" checked={card} onChange={({ currentTarget }) => setCard(currentTarget.checked)} />
        <b>Show its name on cards</b>
        <span>
          Where the link is posted, everybody sees its name, kind and size; this server and the crawlers do, too.
          Otherwise the card says only that something was shared.
        </span>
      </label>
    </DialogForm>
  );
}

function cardOf({ name, type, size }: OpenedEmbed) {
  const title = safeFileName(name).slice(0, LIMITS.previewTitle);
  return { title, summary: `${kindOf(type)}, ${fileSize(size)}`, type: isEmbedType(type) ? type : ("file" as const) };
}
