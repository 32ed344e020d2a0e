import type { ChatId, Delta, ServerToClientEvents } from "@openmates-share/protocol/wire";
import type { Connection } from "./connection.ts";

type Payload<E extends keyof ServerToClientEvents> = Parameters<ServerToClientEvents[E]>[0];

/** What a room hears from the server about its own chat, and about the line. */
export interface RoomFeed {
  readonly onMessages: (batch: Payload<"messages">) => void;
  readonly onDeltas: (deltas: readonly Delta[]) => void;
  readonly onAsk: (status: Payload<"ask">) => void;
  readonly onPresence: (change: Payload<"presence">) => void;
  readonly onTyping: (change: Payload<"typing">) => void;
  readonly onChanged: (change: Payload<"changed">) => void;
  readonly onRemoved: () => void;
  /** The line stands (again): what was missed has to be fetched. */
  readonly onConnect: () => void;
  readonly onLost: () => void;
}

/** Passes on what concerns one chat; returns how to stop. The line is opened if it isn't. */
export function followChat(connection: Connection, chat: ChatId, feed: RoomFeed): () => void {
  const { socket } = connection;
  const listeners = {
    messages: ofChat(feed.onMessages),
    delta: ({ deltas }: Payload<"delta">) => {
      const mine = deltas.filter((delta) => delta.chat === chat);
      if (mine.length > 0) feed.onDeltas(mine);
    },
    ask: ofChat(feed.onAsk),
    presence: ofChat(feed.onPresence),
    typing: ofChat(feed.onTyping),
    changed: ofChat(feed.onChanged),
    removed: ofChat(feed.onRemoved),
  } satisfies ServerToClientEvents;

  function ofChat<T extends { readonly chat: ChatId }>(listener: (payload: T) => void): (payload: T) => void {
    return (payload) => {
      if (payload.chat === chat) listener(payload);
    };
  }

  socket.on("messages", listeners.messages);
  socket.on("delta", listeners.delta);
  socket.on("ask", listeners.ask);
  socket.on("presence", listeners.presence);
  socket.on("typing", listeners.typing);
  socket.on("changed", listeners.changed);
  socket.on("removed", listeners.removed);
  socket.on("connect", feed.onConnect);
  socket.on("disconnect", feed.onLost);
  socket.on("connect_error", feed.onLost);
  if (socket.connected) feed.onConnect();
  else connection.connect();

  return () => {
    socket.off("messages", listeners.messages);
    socket.off("delta", listeners.delta);
    socket.off("ask", listeners.ask);
    socket.off("presence", listeners.presence);
    socket.off("typing", listeners.typing);
    socket.off("changed", listeners.changed);
    socket.off("removed", listeners.removed);
    socket.off("connect", feed.onConnect);
    socket.off("disconnect", feed.onLost);
    socket.off("connect_error", feed.onLost);
  };
}
