import { useMemo } from "preact/hooks";
import { Opening } from "../app/opening.ts";
import { OpeningScreen } from "../app/opening-screen.tsx";
import { problemOf } from "../app/problem.tsx";
import type { Route } from "../app/route.ts";
import { useSession } from "../app/session.ts";
import { ChatNotFound } from "./chat-not-found.tsx";
import { closeRoom } from "./kept-open.ts";
import { RoomScreen } from "./room-screen.tsx";
import { Skeleton } from "./skeleton.tsx";

export function ChatScreen({ route }: { route: Extract<Route, { screen: "chat" }> }) {
  const session = useSession();
  const { chat, link } = route;
  const opening = useMemo(
    () =>
      new Opening({
        session,
        id: chat,
        link,
        open: (by, options) =>
          by ? session.client.open(by, options) : session.client.reopen(chat, { signal: options.signal }),
        problemOf,
        close: closeRoom,
      }),
    [session, chat, link],
  );
  return (
    <OpeningScreen
      opening={opening}
      waiting={<Skeleton />}
      password={{ title: "This chat needs a password", open: "Open chat" }}
      notFound={<ChatNotFound onSignedIn={() => opening.again()} />}
    >
      {(room) => <RoomScreen room={room} message={route.message} onReopen={() => opening.again()} />}
    </OpeningScreen>
  );
}
