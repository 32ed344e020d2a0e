import type { ChatId, Delta, ServerToClientEvents } from "@openmates-share/protocol/wire";
import * as v from "valibot";
import type { Connection } from "./connection.ts";
import { EVENT_SCHEMAS, type Payload } from "./events.ts";

/** What a room hears from the server about its own chat, and about the line. */
export interface RoomFeed {
  readonly onMessages: (batch: Payload<"messages">) => void;
  readonly onDeltas: (deltas: readonly Delta[]) => void;
  readonly onAsk: (status: Payload<"ask">) => void;
  readonly onHalt: (change: Payload<"halt">) => void;
  readonly onPresence: (change: Payload<"presence">) => void;
  readonly onTyping: (change: Payload<"typing">) => void;
  readonly onRead: (batch: Payload<"read">) => void;
  readonly onChanged: (change: Payload<"changed">) => void;
  readonly onRemoved: () => void;
  /** The line stands (again): what was missed has to be fetched. */
  readonly onConnect: () => void;
  readonly onLost: () => void;
}

/**
 * Passes on what concerns one chat; returns how to stop. The line is opened if it isn't. What is not an event as it should
 * be is passed over: a message left out that way shows as a gap, and is fetched.
 */
export function followChat(connection: Connection, chat: ChatId, feed: RoomFeed): () => void {
  const { socket } = connection;
  const undo: (() => void)[] = [];

  function on<E extends keyof ServerToClientEvents>(event: E, listener: (payload: Payload<E>) => void): void {
    const heard = (payload: unknown) => {
      const parsed = v.safeParse(EVENT_SCHEMAS[event], payload);
      // Which schema it is, the event says; the compiler cannot follow that.
      if (parsed.success) listener(parsed.output as Payload<E>);
    };
    // Nor can Socket.IO's listener types.
    socket.on(event, heard as never);
    undo.push(() => socket.off(event, heard as never));
  }

  function onOwn<E extends Exclude<keyof ServerToClientEvents, "delta">>(
    event: E,
    listener: (payload: Payload<E>) => void,
  ): void {
    on(event, (payload) => {
      if (payload.chat === chat) listener(payload);
    });
  }

  onOwn("messages", feed.onMessages);
  on("delta", ({ deltas }) => {
    const mine = deltas.filter((delta) => delta.chat === chat);
    if (mine.length > 0) feed.onDeltas(mine);
  });
  onOwn("ask", feed.onAsk);
  onOwn("halt", feed.onHalt);
  onOwn("presence", feed.onPresence);
  onOwn("typing", feed.onTyping);
  onOwn("read", feed.onRead);
  onOwn("changed", feed.onChanged);
  onOwn("removed", feed.onRemoved);
  socket.on("connect", feed.onConnect);
  socket.on("disconnect", feed.onLost);
  socket.on("connect_error", feed.onLost);
  if (socket.connected) feed.onConnect();
  else connection.connect();

  return () => {
    for (const end of undo) end();
    socket.off("connect", feed.onConnect);
    socket.off("disconnect", feed.onLost);
    socket.off("connect_error", feed.onLost);
  };
}
