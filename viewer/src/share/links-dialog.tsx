import type { OwnedLink } from "@openmates-share/client";
import { useCallback, useEffect, useState } from "preact/hooks";
import { Dialog } from "../app/dialog.tsx";
import { Icon } from "../app/icons.tsx";
import { sentenceOf } from "../app/problem.tsx";
import { useSession } from "../app/session.ts";
import type { RoomModel } from "../chat/room-model.ts";
import { CardSection } from "./card-section.tsx";
import { LinkResult } from "./link-result.tsx";
import { LinkRow } from "./link-row.tsx";
import { NewLinkForm } from "./new-link-form.tsx";
import { WhoSeesWhat } from "./who-sees-what.tsx";

type View =
  | { readonly view: "list" }
  | { readonly view: "new" }
  | { readonly view: "link"; readonly url: string; readonly hasPassword: boolean };

/** Everything an owner decides about who gets to see a chat. */
export function LinksDialog({ model, onClose }: { model: RoomModel; onClose: () => void }) {
  const { client } = useSession();
  const { chat } = model.room;
  const title = model.state.value.title;
  const [links, setLinks] = useState<readonly OwnedLink[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [view, setView] = useState<View>({ view: "list" });
  const [previewed, setPreviewed] = useState(false);
  const reload = useCallback(async () => {
    try {
      setLinks(await client.links(chat));
      setProblem(null);
    } catch (error) {
      setProblem(sentenceOf(error));
    }
  }, [client, chat]);
  useEffect(() => void reload(), [reload]);
  const back = () => setView({ view: "list" });

  if (view.view === "new") {
    return (
      <Dialog title="New link" onClose={onClose}>
        <NewLinkForm
          model={model}
          onCancel={back}
          onMade={(url, hasPassword) => {
            setView({ view: "link", url, hasPassword });
            void reload();
          }}
        />
      </Dialog>
    );
  }
  if (view.view === "link") {
    return (
      <Dialog title="Link to this chat" onClose={onClose}>
        <LinkResult url={view.url} hasPassword={view.hasPassword} title={title} />
        <div class="row end">
          <button type="button" class="button" onClick={back}>
            <Icon name="back" />
            All links
          </button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title="Share" onClose={onClose}>
      <div class="stack">
        <section class="stack" aria-labelledby="links-title">
          <div class="row between">
            <h3 id="links-title">Links</h3>
            <button type="button" class="button small" onClick={() => setView({ view: "new" })}>
              <Icon name="link" />
              New link
            </button>
          </div>
          {problem && (
            <p class="sentence bad" role="alert">
              {problem}{" "}
              <button type="button" class="text-button" onClick={() => void reload()}>
                Try again
              </button>
            </p>
          )}
          {links === null && !problem && <p class="hint">Loading …</p>}
          {links?.length === 0 && <p class="empty">No link opens this chat now: only you can see it.</p>}
          {links && links.length > 0 && (
            <ul class="links">
              {links.map((link) => (
                <LinkRow
                  key={link.link}
                  link={link}
                  chat={chat}
                  onShow={(url) => setView({ view: "link", url, hasPassword: false })}
                  onRevoked={reload}
                />
              ))}
            </ul>
          )}
        </section>
        <CardSection chat={chat} title={title} onKnown={setPreviewed} />
        <WhoSeesWhat
          modes={links?.map(({ mode }) => mode) ?? []}
          password={false}
          preview={previewed && (links?.length ?? 0) > 0}
        />
      </div>
    </Dialog>
  );
}
