import { useCallback, useState } from "preact/hooks";
import { Dialog, DialogFoot } from "../app/dialog.tsx";
import { Icon } from "../app/icons.tsx";
import { ProblemLine } from "../app/problem-line.tsx";
import { useSession } from "../app/session.ts";
import { toast } from "../app/toasts.tsx";
import { useLoaded } from "../app/use-loaded.ts";
import type { RoomModel } from "../chat/room-model.ts";
import { HandOverForm } from "../people/hand-over-form.tsx";
import { EditLinkForm } from "./edit-link-form.tsx";
import { modesOf } from "./link-end.ts";
import { LinkResult } from "./link-result.tsx";
import { LinksOverview } from "./links-overview.tsx";
import { type Access, afterRemoval, type View } from "./links-view.ts";
import { MadeLinks } from "./made-links.tsx";
import { NewLinkForm } from "./new-link-form.tsx";
import { RemovePersonForm } from "./remove-person-form.tsx";
import "../styles/share.css";

/** Everything an owner decides about who gets to see a chat. */
export function LinksDialog({ model, onClose }: { model: RoomModel; onClose: () => void }) {
  const { client } = useSession();
  const { chat } = model.room;
  const { title } = model.state.value;
  const load = useCallback(async (): Promise<Access> => {
    const [links, people] = await Promise.all([client.links(chat), client.people(chat)]);
    model.opens.value = modesOf(links);
    return { links, people };
  }, [client, chat, model]);
  const { value: access, problem, reload } = useLoaded(load);
  const [view, setView] = useState<View>({ view: "list" });
  const back = () => setView({ view: "list" });
  const links = access?.links ?? [];

  switch (view.view) {
    case "new":
      return (
        <Dialog key="new" title="New link" onClose={onClose}>
          <NewLinkForm
            model={model}
            onCancel={back}
            onMade={(made, hasPassword) => {
              setView({ view: "made", made, hasPassword });
              void reload();
            }}
          />
        </Dialog>
      );
    case "edit":
      return (
        <Dialog key="edit" title="Change link" onClose={onClose}>
          <EditLinkForm
            model={model}
            link={view.link}
            onCancel={back}
            onSaved={async () => {
              await reload();
              back();
            }}
          />
        </Dialog>
      );
    case "remove": {
      const name = model.nameOf(view.person.sender);
      return (
        <Dialog key="remove" title={`Remove ${name}?`} onClose={onClose}>
          <RemovePersonForm
            model={model}
            person={view.person}
            links={links}
            onCancel={back}
            onRemoved={(removed, hasPassword) => {
              toast(`${name} was removed.`);
              setView(afterRemoval(removed, { model, hasPassword }));
              void reload();
            }}
          />
        </Dialog>
      );
    }
    case "hand-over":
      return (
        <Dialog key="hand-over" title={`Hand over to ${model.nameOf(view.person.sender)}?`} onClose={onClose}>
          <HandOverForm
            model={model}
            person={view.person}
            onCancel={back}
            onOffered={() => {
              void reload();
              back();
            }}
          />
        </Dialog>
      );
    case "made": {
      const { made, hasPassword } = view;
      return (
        <Dialog key="made" title={made.links.length > 1 ? "Links to this chat" : "Link to this chat"} onClose={onClose}>
          <MadeLinks chat={chat} made={made} title={title} hasPassword={hasPassword} />
          <BackButton onBack={back} />
        </Dialog>
      );
    }
    case "link":
      return (
        <Dialog key="link" title="Link to this chat" onClose={onClose}>
          {view.note && <p class="sentence">{view.note}</p>}
          <LinkResult url={view.url} hasPassword={view.hasPassword} title={title} address={view.address} />
          <BackButton onBack={back} />
        </Dialog>
      );
    case "list":
      return (
        <Dialog key="list" title="Share" onClose={onClose}>
          <div class="stack">
            <ProblemLine problem={problem} onRetry={() => void reload()} />
            <LinksOverview model={model} access={access} failed={problem !== null} onView={setView} reload={reload} />
          </div>
        </Dialog>
      );
  }
}

function BackButton({ onBack }: { onBack: () => void }) {
  return (
    <DialogFoot>
      <button type="button" class="button" onClick={onBack}>
        <Icon name="back" />
        All links
      </button>
    </DialogFoot>
  );
}
