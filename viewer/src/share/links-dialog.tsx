import type { MemberSummary, OwnedLink, RemovedPerson } from "@openmates-share/client";
import { useCallback, useState } from "preact/hooks";
import { confirmed } from "../app/confirm.tsx";
import { Dialog, DialogFoot } from "../app/dialog.tsx";
import { Icon } from "../app/icons.tsx";
import { ProblemLine } from "../app/problem-line.tsx";
import { useSession } from "../app/session.ts";
import { toast } from "../app/toasts.tsx";
import { useLoaded } from "../app/use-loaded.ts";
import { useTask } from "../app/use-task.ts";
import type { RoomModel } from "../chat/room-model.ts";
import { HandOverForm } from "../people/hand-over-form.tsx";
import { OfferedSection } from "../people/offered-section.tsx";
import { CardSection } from "./card-section.tsx";
import { EditLinkForm } from "./edit-link-form.tsx";
import { LinkResult } from "./link-result.tsx";
import { endOf, LinkRow } from "./link-row.tsx";
import type { Made } from "./make-links.ts";
import { NamedResult } from "./named-result.tsx";
import { NewLinkForm } from "./new-link-form.tsx";
import { PeopleSection } from "./people-section.tsx";
import { RemovePersonForm } from "./remove-person-form.tsx";
import { WhoSeesWhat } from "./who-sees-what.tsx";
import { WritingSection } from "./writing-section.tsx";
import "../styles/share.css";

type View =
  | { readonly view: "list" }
  | { readonly view: "new" }
  | { readonly view: "edit"; readonly link: OwnedLink }
  | { readonly view: "remove"; readonly person: MemberSummary }
  | { readonly view: "hand-over"; readonly person: MemberSummary }
  | { readonly view: "made"; readonly made: Made; readonly hasPassword: boolean }
  | {
      readonly view: "link";
      readonly url: string;
      readonly address: string | null;
      /** Null where it is not known any more. */
      readonly hasPassword: boolean | null;
      /** What to do with it. */
      readonly note: string | null;
    };

interface Access {
  readonly links: readonly OwnedLink[];
  readonly people: readonly MemberSummary[];
}

/** Everything an owner decides about who gets to see a chat. */
export function LinksDialog({ model, onClose }: { model: RoomModel; onClose: () => void }) {
  const { client } = useSession();
  const { chat } = model.room;
  const { title } = model.state.value;
  const load = useCallback(async (): Promise<Access> => {
    const [links, people] = await Promise.all([client.links(chat), client.people(chat)]);
    return { links, people };
  }, [client, chat]);
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
      const [first] = made.links;
      return (
        <Dialog key="made" title={made.links.length > 1 ? "Links to this chat" : "Link to this chat"} onClose={onClose}>
          {first && first.address === null ? (
            <LinkResult url={first.url} hasPassword={hasPassword} title={title} />
          ) : (
            <NamedResult chat={chat} made={made} title={title} hasPassword={hasPassword} />
          )}
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
            <Overview model={model} access={access} failed={problem !== null} onView={setView} reload={reload} />
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

function Overview(props: {
  model: RoomModel;
  access: Access | null;
  failed: boolean;
  onView: (view: View) => void;
  reload: () => Promise<void>;
}) {
  const { model, access, failed, onView, reload } = props;
  const { chat } = model.room;
  const { title } = model.state.value;
  const [previewed, setPreviewed] = useState(false);
  const links = access?.links ?? [];
  const live = links.filter((link) => endOf(link) !== "expired");
  const facts = live.map(({ mode, audience }) => ({
    mode,
    address: audience.type === "named" ? audience.address : null,
    password: null,
  }));
  return (
    <>
      <section class="stack tight" aria-labelledby="links-title">
        <div class="row between">
          <h3 id="links-title">Links</h3>
          <button type="button" class="button small primary" onClick={() => onView({ view: "new" })}>
            <Icon name="link" />
            New link
          </button>
        </div>
        {access === null && !failed && <p class="hint">Loading …</p>}
        {access && live.length === 0 && (
          <p class="empty">
            {links.length === 0
              ? "No link opens this chat now: only you can see it."
              : "Your links have expired: nobody can open this chat by them. You can change their expiry or make a new one."}
          </p>
        )}
        {links.length > 0 && (
          <ul class="links">
            {links.map((link) => (
              <LinkRow
                key={link.link}
                link={link}
                links={links}
                chat={chat}
                title={title}
                onShow={() => link.url !== null && onView(shown(link, link.url))}
                onEdit={() => onView({ view: "edit", link })}
                onChanged={reload}
              />
            ))}
          </ul>
        )}
      </section>
      <OfferedSection model={model} />
      {access && (
        <PeopleSection
          model={model}
          people={access.people}
          links={links}
          onRemove={(person) => onView({ view: "remove", person })}
          onHandOver={(person) => onView({ view: "hand-over", person })}
        />
      )}
      {access && (access.people.length > 0 || live.some(({ mode }) => mode === "collaborative")) && (
        <WritingSection model={model} />
      )}
      <div class="folds">
        <CardSection chat={chat} title={title} onKnown={setPreviewed} />
        <WhoSeesWhat facts={{ links: facts, preview: previewed && live.length > 0, mailed: hasNamed(live) }} />
      </div>
      {access && (links.length > 0 || access.people.length > 0) && (
        <StopSharing model={model} access={access} reload={reload} />
      )}
    </>
  );
}

const hasNamed = (links: readonly OwnedLink[]) => links.some(({ audience }) => audience.type === "named");

function shown({ audience }: OwnedLink, url: string): View {
  const address = audience.type === "named" ? audience.address : null;
  return { view: "link", url, address, hasPassword: null, note: null };
}

/** With a new link in the old one's place, that one is what the owner needs next. */
function afterRemoval(
  { replacement, others }: RemovedPerson,
  { model, hasPassword }: { model: RoomModel; hasPassword: boolean },
): View {
  if (!replacement) return { view: "list" };
  const names = others.map((sender) => model.nameOf(sender)).join(", ");
  const note =
    others.length === 0
      ? "This link takes the old one’s place. Send it to those who still need it."
      : `This link takes the old one’s place. ${names} came by the old one and need${others.length === 1 ? "s" : ""} it.`;
  return { view: "link", url: replacement.url, address: null, hasPassword, note };
}

function StopSharing({ model, access, reload }: { model: RoomModel; access: Access; reload: () => Promise<void> }) {
  const { client } = useSession();
  const { busy, run } = useTask({ says: "toast" });
  const stop = async () => {
    const { links, people } = access;
    const ended = links.length === 1 ? "Its link ends" : `Its ${links.length} links end`;
    const removed =
      people.length === 0
        ? ""
        : people.length === 1
          ? " One person is removed."
          : ` ${people.length} people are removed.`;
    const yes = await confirmed({
      title: "Stop sharing this chat?",
      text: `${ended} at once, for good, and the card’s title and summary are erased from the server.${removed} The chat stays yours alone. What people have already read or copied can’t be taken back.`,
      yes: "Stop sharing",
      danger: true,
    });
    if (!yes) return;
    run(async () => {
      await client.unshare(model.room.chat);
      toast("This chat is not shared any more. Only you can see it.");
      await reload();
    });
  };
  return (
    <div class="row between stop-sharing">
      <p class="hint">Ends every link, removes everybody and erases the card.</p>
      <button type="button" class="button small danger-quiet" disabled={busy} onClick={() => void stop()}>
        {busy ? "Stopping …" : "Stop sharing"}
      </button>
    </div>
  );
}
