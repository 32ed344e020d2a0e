import type { ChatId, KnownChat, KnownEmbed, SharedByMe } from "@openmates-share/client";
import type { ComponentChildren } from "preact";
import { useCallback, useEffect, useState } from "preact/hooks";
import { writePreference } from "../app/preferences.ts";
import { ProblemLine } from "../app/problem-line.tsx";
import { useSession } from "../app/session.ts";
import { useLoaded } from "../app/use-loaded.ts";
import { useDrafts } from "../draft/use-drafts.ts";
import type { DraftSummary } from "../storage/drafts.ts";
import { ElsewhereCard, OwnChatCard, SharedWithMeCard } from "./chat-card.tsx";
import { DraftCard } from "./draft-card.tsx";
import { FileCard } from "./file-card.tsx";
import "../styles/my-chats.css";

interface Listed {
  readonly drafts: readonly DraftSummary[];
  readonly chats: readonly KnownChat[];
  /** Those with links of their own. */
  readonly files: readonly KnownEmbed[];
}

/** From so many on, looking for one is easier than looking through them. */
const SEARCHED_FROM = 6;

export function MyChats() {
  const { client } = useSession();
  const drafts = useDrafts();
  const load = useCallback(async (): Promise<Listed> => {
    const known = client.embeds().then((embeds) => embeds.known());
    const [mine, chats, files] = await Promise.all([drafts.list(), client.chats(), known]);
    return { drafts: mine, chats, files };
  }, [client, drafts]);
  const lists = useLoaded(load);
  // Without the server the lists are here all the same, only less is known of them.
  const states = useLoaded(useCallback(() => client.sharedByMe().catch(() => null), [client]));
  const reload = useCallback(
    async () => void (await Promise.all([lists.reload(), states.reload()])),
    [lists.reload, states.reload],
  );
  // Chats come from other devices, too.
  useEffect(() => client.onKeysChange(() => void reload()), [client, reload]);
  return (
    <section class="my-chats" aria-labelledby="my-chats-title">
      <h2 id="my-chats-title">My chats</h2>
      <ProblemLine problem={lists.problem} />
      {lists.value && <Lists listed={lists.value} states={states.value} reload={reload} />}
    </section>
  );
}

function Lists(props: { listed: Listed; states: readonly SharedByMe[] | null; reload: () => Promise<void> }) {
  const { listed, states, reload } = props;
  const [looked, setLooked] = useState("");
  const known = new Set(listed.chats.map(({ chat }) => chat));
  const elsewhere = (states ?? []).filter(({ chat, links }) => !known.has(chat) && links > 0);
  const count = listed.drafts.length + listed.chats.length + listed.files.length + elsewhere.length;
  useEffect(() => writePreference("chats", count === 0 ? null : "some"), [count]);
  if (count === 0) {
    return (
      <p class="empty">Nothing here yet. Chats you import, share or open are listed here, in this browser only.</p>
    );
  }
  const fits = (title: string) => title.toLocaleLowerCase().includes(looked.trim().toLocaleLowerCase());
  const drafts = listed.drafts.filter(({ title }) => fits(title || "Untitled"));
  const own = listed.chats.filter(({ owner, title }) => owner && fits(title || "Untitled chat"));
  const others = listed.chats.filter(({ owner, title }) => !owner && fits(title || "Untitled chat"));
  const files = listed.files.filter(({ name }) => fits(name));
  const byChat = new Map<ChatId, SharedByMe>((states ?? []).map((state) => [state.chat, state]));
  const searching = looked.trim() !== "";
  const found = drafts.length + own.length + others.length + files.length;
  return (
    <>
      {count >= SEARCHED_FROM && (
        <input
          class="input"
          type="search"
          aria-label="Search my chats"
          placeholder="Search by title"
          dir="auto"
          value={looked}
          onInput={({ currentTarget }) => setLooked(currentTarget.value)}
        />
      )}
      {searching && (
        <p class={found === 0 ? "empty" : "unseen"} role="status">
          {found === 0 ? `Nothing here has “${looked.trim()}” in its title.` : `${found} found`}
        </p>
      )}
      {drafts.length > 0 && (
        <ChatSection title="Private drafts">
          {drafts.map((draft) => (
            <DraftCard key={draft.id} draft={draft} reload={reload} />
          ))}
        </ChatSection>
      )}
      {(own.length > 0 || elsewhere.length > 0) && (
        <ChatSection title="Shared by me">
          {own.map((chat) => (
            <OwnChatCard key={chat.chat} chat={chat} state={byChat.get(chat.chat) ?? null} reload={reload} />
          ))}
          {!searching && elsewhere.map((state) => <ElsewhereCard key={state.chat} state={state} />)}
        </ChatSection>
      )}
      {!searching && own.length === 0 && elsewhere.length === 0 && (
        <ChatSection title="Shared by me">
          <li class="empty">Nothing yet. Open a draft and press Share.</li>
        </ChatSection>
      )}
      {others.length > 0 && (
        <ChatSection title="Shared with me">
          {others.map((chat) => (
            <SharedWithMeCard key={chat.chat} chat={chat} reload={reload} />
          ))}
        </ChatSection>
      )}
      {!searching && others.length === 0 && (
        <ChatSection title="Shared with me">
          <li class="empty">Nothing yet. Chats whose link you open in this browser are listed here.</li>
        </ChatSection>
      )}
      {files.length > 0 && (
        <ChatSection title="Files with a link of their own">
          {files.map((file) => (
            <FileCard key={file.embed} file={file} reload={reload} />
          ))}
        </ChatSection>
      )}
    </>
  );
}

function ChatSection({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="chat-section" aria-label={title}>
      <h3>{title}</h3>
      <ul class="cards">{children}</ul>
    </section>
  );
}
