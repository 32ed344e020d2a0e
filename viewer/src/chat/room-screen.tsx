import type { MessageId, Room, RoomState } from "@openmates-share/client";
import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import { ChatHeader } from "../app/header.tsx";
import { Icon } from "../app/icons.tsx";
import { lazy } from "../app/lazy.tsx";
import { Page } from "../app/page.tsx";
import { useSession } from "../app/session.ts";
import { EndedScreen } from "./chat-not-found.tsx";
import { ConnectionBanner } from "./connection-banner.tsx";
import { IntegrityMark } from "./integrity-mark.tsx";
import { MessageList } from "./message-list.tsx";
import { RoomModel } from "./room-model.ts";
import { roomSource } from "./room-source.ts";
import { Skeleton } from "./skeleton.tsx";
import { useAnnouncedMessages } from "./use-announced-messages.ts";
import { useReading } from "./use-reading.ts";
import { useScrolling } from "./use-scrolling.ts";

const AncestryMark = lazy(async () => (await import("../fork/ancestry-mark.tsx")).AncestryMark);
const AlteredStrip = lazy(async () => (await import("./altered-strip.tsx")).AlteredStrip);
const EmptyChat = lazy(async () => (await import("./empty-chat.tsx")).EmptyChat);
const LinksDialog = lazy(async () => (await import("../share/links-dialog.tsx")).LinksDialog);
const ReadingTools = lazy(async () => (await import("../reading/reading-tools.tsx")).ReadingTools);
const PlannedUpdateBar = lazy(async () => (await import("./planned-update.tsx")).PlannedUpdateBar);
const PeopleButton = lazy(async () => (await import("./people-button.tsx")).PeopleButton);
const Writing = lazy(async () => (await import("./writing.tsx")).Writing);

/** A chat that is open: for its owner, a member or a reader. */
export function RoomScreen(props: { room: Room; message: MessageId | null; onReopen: () => void }) {
  const { room, message, onReopen } = props;
  const model = useMemo(() => new RoomModel(room), [room]);
  useEffect(() => () => model.stop(), [model]);
  const state = model.state.value;
  const { handedOver } = state;
  // Whose it is now, and what this person may do, is found out as when it was opened first.
  useEffect(() => {
    if (handedOver) onReopen();
  }, [handedOver]);
  if (state.connection === "ended") return <EndedScreen onSignedIn={onReopen} />;
  if (state.messages.loaded.length === 0 && state.integrity.state === "checking") return <Skeleton />;
  return <RoomView model={model} state={state} message={message} />;
}

function RoomView({ model, state, message }: { model: RoomModel; state: RoomState; message: MessageId | null }) {
  const [managing, setManaging] = useState(false);
  const writes = state.role !== "reader";
  const scrolling = useScrolling(model, { message, startAtEnd: writes });
  const { client } = useSession();
  const knows = useCallback<typeof client.isOwnerOf>((chat, key) => client.isOwnerOf(chat, key), [client]);
  const reading = useReading(scrolling.view, () => roomSource(model, client));
  useAnnouncedMessages(model);
  return (
    <Page
      header={
        <ChatHeader title={state.title}>
          {reading && <ReadingTools reading={reading} />}
          {writes && <PeopleButton model={model} />}
          {state.role === "owner" && (
            <button type="button" class="button primary small" onClick={() => setManaging(true)}>
              <Icon name="share" />
              <span class="words">Share</span>
            </button>
          )}
        </ChatHeader>
      }
    >
      {state.integrity.state === "violated" && <AlteredStrip />}
      <ConnectionBanner state={state} writes={writes} />
      <div class="chat">
        <div class="chat-head">
          <h1 dir="auto" title={state.title}>
            {state.title || "Untitled chat"}
          </h1>
          <IntegrityMark integrity={state.integrity} role={state.role} owner={state.owner} />
          {state.ancestry && <AncestryMark model={model} ancestry={state.ancestry} knows={knows} />}
        </div>
        {state.role === "owner" && state.messages.through === 0 && state.pending.length === 0 && <EmptyChat />}
        <MessageList model={model} view={scrolling.view} highlighted={message} hit={reading?.hit.value ?? null} />
        {writes ? <Writing model={model} view={scrolling.view} /> : <ReadOnlyNote />}
        {!writes && scrolling.behind.value && (
          <button type="button" class="button to-end" onClick={scrolling.toEnd}>
            <Icon name="down" />
            New messages
          </button>
        )}
      </div>
      {state.role === "owner" && <PlannedUpdateBar model={model} />}
      {managing && <LinksDialog model={model} onClose={() => setManaging(false)} />}
    </Page>
  );
}

function ReadOnlyNote() {
  return (
    <p class="read-only hint">
      <Icon name="eye" /> This link is for reading. It was decrypted in your browser; the server can’t read it.
    </p>
  );
}
