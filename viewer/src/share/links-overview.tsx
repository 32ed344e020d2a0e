import type { OwnedLink } from "@openmates-share/client";
import { useState } from "preact/hooks";
import { Icon } from "../app/icons.tsx";
import type { RoomModel } from "../chat/room-model.ts";
import { OfferedSection } from "../people/offered-section.tsx";
import { CardSection } from "./card-section.tsx";
import { endOf } from "./link-end.ts";
import { LinkRow } from "./link-row.tsx";
import { type Access, shown, type View } from "./links-view.ts";
import { PeopleSection } from "./people-section.tsx";
import { StopSharing } from "./stop-sharing.tsx";
import { WhoSeesWhat } from "./who-sees-what.tsx";
import { WritingSection } from "./writing-section.tsx";

/** Who gets to see a chat, by what, and what follows from it. */
export function LinksOverview(props: {
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
        {access === null && !failed && <p class="hint">Loading…</p>}
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
