import type { Conversation } from "@openmates-share/client";
import { useEffect, useMemo, useState } from "preact/hooks";
import { counted } from "../app/dates.ts";
import { ChatHeader } from "../app/header.tsx";
import { Icon } from "../app/icons.tsx";
import { lazy } from "../app/lazy.tsx";
import { go } from "../app/navigation.ts";
import { Page } from "../app/page.tsx";
import { PROBLEMS, type Problem, ProblemScreen, problemOf } from "../app/problem.tsx";
import { chatFragment } from "../app/route.ts";
import { useSession } from "../app/session.ts";
import { ListView } from "../list/list-view.ts";
import { VirtualList } from "../list/virtual-list.tsx";
import { MessageCard } from "./message-card.tsx";
import { Skeleton } from "./skeleton.tsx";
import { speakerOf } from "./speaker.ts";

const ShareDialog = lazy(async () => (await import("../share/share-dialog.tsx")).ShareDialog);

type Loaded = { readonly conversation: Conversation } | { readonly problem: Problem } | null;

/** An imported conversation, before anybody else can see it. */
export function DraftScreen({ id }: { id: string }) {
  const { drafts } = useSession();
  const [loaded, setLoaded] = useState<Loaded>(null);
  useEffect(() => {
    drafts
      .find(id)
      .then((draft) => {
        if (draft && "conversation" in draft) setLoaded(draft);
        else if (draft) go(chatFragment(draft.sharedAs), { replace: true });
        else setLoaded({ problem: PROBLEMS.draftGone });
      })
      .catch((error: unknown) => setLoaded({ problem: problemOf(error) }));
  }, [drafts, id]);
  if (!loaded) return <Skeleton />;
  if ("problem" in loaded) return <ProblemScreen problem={loaded.problem} />;
  return <DraftView id={id} conversation={loaded.conversation} />;
}

function DraftView({ id, conversation }: { id: string; conversation: Conversation }) {
  const [sharing, setSharing] = useState(false);
  const { title, messages } = conversation;
  const view = useMemo(
    () => new ListView({ length: messages.length, start: { at: "top" }, sticksToEnd: false }),
    [messages],
  );
  const row = (index: number, formed: boolean) => {
    const message = messages[index];
    if (!message) return null;
    const { role, name, parts, time, model } = message;
    const speaker = speakerOf({ role, name, fallback: "You" });
    return (
      <MessageCard
        id={`${index + 1}`}
        speakerName={speaker.name}
        speakerKind={speaker.kind}
        mine={role === "user"}
        parts={parts}
        time={time}
        detail={model}
        shared={null}
        highlighted={false}
        formed={formed}
        quoted={null}
        footer={null}
        badge={null}
        onReply={null}
      />
    );
  };
  return (
    <Page
      header={
        <ChatHeader title={title}>
          <button type="button" class="button primary small" onClick={() => setSharing(true)}>
            <Icon name="share" />
            Share
          </button>
        </ChatHeader>
      }
    >
      <div class="chat">
        <div class="chat-head">
          <h1 dir="auto">{title || "Untitled"}</h1>
          <p class="hint">
            <span class="mark private">
              <Icon name="lock" />
              Private draft
            </span>{" "}
            {counted(messages.length, "message")}, in this browser only
          </p>
        </div>
        <VirtualList view={view} length={messages.length} label="Messages" row={row} />
      </div>
      {sharing && <ShareDialog draft={id} conversation={conversation} onClose={() => setSharing(false)} />}
    </Page>
  );
}
