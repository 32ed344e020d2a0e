import type { KnownChat } from "@openmates-share/client";
import { useCallback, useEffect, useState } from "preact/hooks";
import { confirmed } from "../app/confirm.tsx";
import { counted, shortTime } from "../app/dates.ts";
import { Icon } from "../app/icons.tsx";
import { sentenceOf } from "../app/problem.tsx";
import { chatFragment } from "../app/route.ts";
import { useSession } from "../app/session.ts";
import { toast } from "../app/toasts.tsx";
import type { DraftSummary } from "../storage/drafts.ts";
import { ForgetOwnDialog } from "./forget-own-dialog.tsx";

interface Listed {
  readonly drafts: readonly DraftSummary[];
  readonly chats: readonly KnownChat[];
}

export function MyChats() {
  const { client, drafts } = useSession();
  const [listed, setListed] = useState<Listed | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const reload = useCallback(async () => {
    try {
      const [mine, chats] = await Promise.all([drafts.list(), client.chats()]);
      setListed({ drafts: mine, chats });
    } catch (error) {
      setProblem(sentenceOf(error));
    }
  }, [client, drafts]);
  useEffect(() => void reload(), [reload]);
  // Chats come from other devices, too.
  useEffect(() => client.onKeysChange(() => void reload()), [client, reload]);
  return (
    <section class="my-chats" aria-labelledby="my-chats-title">
      <h2 id="my-chats-title">My chats</h2>
      {problem && <p class="sentence bad">{problem}</p>}
      {listed && <ChatList listed={listed} reload={reload} />}
    </section>
  );
}

function ChatList({ listed: { drafts, chats }, reload }: { listed: Listed; reload: () => Promise<void> }) {
  if (drafts.length + chats.length === 0) {
    return (
      <p class="empty">Nothing here yet. Chats you import, share or open are listed here, in this browser only.</p>
    );
  }
  return (
    <ul class="cards">
      {drafts.map((draft) => (
        <DraftCard key={draft.id} draft={draft} reload={reload} />
      ))}
      {chats.map((chat) => (
        <ChatCard key={chat.chat} chat={chat} reload={reload} />
      ))}
    </ul>
  );
}

function DraftCard({ draft, reload }: { draft: DraftSummary; reload: () => Promise<void> }) {
  const { drafts } = useSession();
  const title = draft.title || "Untitled";
  const remove = async () => {
    const undo = await drafts.remove(draft.id);
    await reload();
    toast(`“${title}” was deleted.`, { label: "Undo", run: () => void undo().then(reload) });
  };
  return (
    <li class="card">
      <a class="card-link" href={`#draft=${draft.id}`}>
        <span class="card-title" dir="auto">
          {title}
        </span>
        <span class="hint">
          <span class="mark private">
            <Icon name="lock" />
            Private draft
          </span>{" "}
          {counted(draft.messages, "message")} · {shortTime(draft.importedAt)}
        </span>
      </a>
      <button
        type="button"
        class="button quiet round"
        aria-label={`Delete draft “${title}”`}
        title="Delete"
        onClick={() => void remove().catch((error: unknown) => toast(sentenceOf(error)))}
      >
        <Icon name="trash" />
      </button>
    </li>
  );
}

function ChatCard({ chat, reload }: { chat: KnownChat; reload: () => Promise<void> }) {
  const { client } = useSession();
  const [deciding, setDeciding] = useState(false);
  const title = chat.title || "Untitled chat";
  const forget = async () => {
    const yes = await confirmed({
      title: "Forget this chat?",
      text: `This browser drops its key for “${title}”. You can come back with the link, if you still have it.`,
      yes: "Forget",
      danger: true,
    });
    if (!yes) return;
    await client.forget(chat.chat);
    await reload();
    toast("The chat was forgotten.");
  };
  return (
    <li class="card">
      <a class="card-link" href={chatFragment(chat.chat)}>
        <span class="card-title" dir="auto">
          {title}
        </span>
        <span class="hint">
          <ChatMark chat={chat} /> opened {shortTime(chat.openedAt)}
        </span>
      </a>
      <button
        type="button"
        class="button quiet round"
        aria-label={`Forget “${title}”`}
        title="Forget"
        onClick={() => {
          if (chat.owner) setDeciding(true);
          else void forget().catch((error: unknown) => toast(sentenceOf(error)));
        }}
      >
        <Icon name="trash" />
      </button>
      {deciding && (
        <ForgetOwnDialog
          chat={chat.chat}
          title={title}
          onClose={() => setDeciding(false)}
          onDone={(sentence) => {
            setDeciding(false);
            toast(sentence);
            void reload();
          }}
        />
      )}
    </li>
  );
}

function ChatMark({ chat }: { chat: KnownChat }) {
  if (chat.owner) {
    return (
      <span class="mark shared">
        <Icon name="link" />
        Shared by you
      </span>
    );
  }
  const together = chat.linkMode === "collaborative";
  return (
    <span class={together ? "mark accent" : "mark"}>
      <Icon name={together ? "people" : "eye"} />
      {together ? "Group chat" : "To read"}
    </span>
  );
}
