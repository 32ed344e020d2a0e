import type { KnownChat, SharedByMe } from "@openmates-share/client";
import { useState } from "preact/hooks";
import { confirmed } from "../app/confirm.tsx";
import { counted, mediumTime, shortTime } from "../app/dates.ts";
import { IconButton } from "../app/icon-button.tsx";
import { Icon } from "../app/icons.tsx";
import { chatFragment } from "../app/route.ts";
import { useSession } from "../app/session.ts";
import { toast } from "../app/toasts.tsx";
import { useTask } from "../app/use-task.ts";
import { Card } from "./card.tsx";
import { ForgetOwnDialog } from "./forget-own-dialog.tsx";
import { shareStateOf } from "./share-state.ts";

/** `state` null: the server has not said (yet) how the chat stands. */
export function OwnChatCard(props: { chat: KnownChat; state: SharedByMe | null; reload: () => Promise<void> }) {
  const { chat, state, reload } = props;
  const [deciding, setDeciding] = useState(false);
  const title = chat.title || "Untitled chat";
  return (
    <Card
      href={chatFragment(chat.chat)}
      title={title}
      facts={
        <>
          <StateMark state={state} />
          <span>{factsOf(chat, state)}</span>
        </>
      }
    >
      <ForgetButton title={title} onClick={() => setDeciding(true)} />
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
    </Card>
  );
}

function StateMark({ state }: { state: SharedByMe | null }) {
  if (!state) {
    return (
      <span class="mark shared">
        <Icon name="link" />
        Shared by you
      </span>
    );
  }
  const { icon, name, tone, waiting } = shareStateOf(state);
  return (
    <>
      <span class={`mark ${tone}`}>
        <Icon name={icon} />
        {name}
      </span>
      {waiting > 0 && <span class="mark private">{waiting.toLocaleString()} not shared yet</span>}
    </>
  );
}

function factsOf({ openedAt }: KnownChat, state: SharedByMe | null): string {
  const facts = [`opened ${shortTime(openedAt)}`];
  if (state && state.links > 0) facts.unshift(counted(state.links, "link"));
  if (state && state.members > 0)
    facts.unshift(state.members === 1 ? "1 person joined" : `${state.members} people joined`);
  return facts.join(" · ");
}

/** A chat of the account's that this browser has no key for. */
export function ElsewhereCard({ state }: { state: SharedByMe }) {
  return (
    <Card
      href={null}
      title={`A chat of ${mediumTime(state.createdAt)}`}
      facts={
        <>
          <StateMark state={state} />
          <span>Its key is on another device of yours. Turn on sync there to have it here.</span>
        </>
      }
    />
  );
}

export function SharedWithMeCard({ chat, reload }: { chat: KnownChat; reload: () => Promise<void> }) {
  const { client } = useSession();
  const title = chat.title || "Untitled chat";
  const together = chat.linkMode === "collaborative";
  const { run } = useTask({ says: "toast" });
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
    <Card
      href={chatFragment(chat.chat)}
      title={title}
      facts={
        <>
          <span class={together ? "mark accent" : "mark"}>
            <Icon name={together ? "people" : "eye"} />
            {together ? "Group chat" : "To read"}
          </span>
          <span>opened {shortTime(chat.openedAt)}</span>
        </>
      }
    >
      <ForgetButton title={title} onClick={() => run(forget)} />
    </Card>
  );
}

function ForgetButton({ title, onClick }: { title: string; onClick: () => void }) {
  return <IconButton icon="trash" label={`Forget “${title}”`} title="Forget" big onClick={onClick} />;
}
