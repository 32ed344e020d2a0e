import { useEffect, useMemo } from "preact/hooks";
import { lazy } from "../app/lazy.tsx";
import { PROBLEMS, ProblemScreen } from "../app/problem.tsx";
import type { Route } from "../app/route.ts";
import { useSession } from "../app/session.ts";
import { ChatNotFound } from "./chat-not-found.tsx";
import { ChatOpening } from "./opening.ts";
import { RoomScreen } from "./room-screen.tsx";
import { Skeleton } from "./skeleton.tsx";

const PasswordForm = lazy(async () => (await import("./password-form.tsx")).PasswordForm);

export function ChatScreen({ route }: { route: Extract<Route, { screen: "chat" }> }) {
  const session = useSession();
  const { chat, link } = route;
  const opening = useMemo(() => new ChatOpening({ session, chat, link }), [session, chat, link]);
  useEffect(() => {
    opening.start();
    return () => opening.stop();
  }, [opening]);
  const now = opening.state.value;
  switch (now.state) {
    case "opening":
      return <Skeleton />;
    case "locked":
      return (
        <PasswordForm busy={now.busy} sentence={now.sentence} onPassword={(password) => opening.unlock(password)} />
      );
    case "problem":
      if (now.problem === PROBLEMS.chatNotFound) return <ChatNotFound onSignedIn={() => opening.again()} />;
      return (
        <ProblemScreen problem={now.problem}>
          {now.problem.retryable && (
            <button type="button" class="button primary" onClick={() => opening.retry()}>
              Try again now
            </button>
          )}
        </ProblemScreen>
      );
    case "open":
      return <RoomScreen room={now.room} message={route.message} onReopen={() => opening.again()} />;
  }
}
