import { useEffect, useState } from "preact/hooks";
import { lazy } from "../app/lazy.tsx";
import { PROBLEMS, ProblemScreen } from "../app/problem.tsx";
import { toast } from "../app/toasts.tsx";

const NamedWay = lazy(async () => (await import("./named-way.tsx")).NamedWay);

/** One screen for everybody and whatever the reason; also one way on, which may lead somewhere or not. */
export function ChatNotFound({ onSignedIn }: { onSignedIn: () => void }) {
  const [asking, setAsking] = useState(false);
  return (
    <ProblemScreen
      problem={PROBLEMS.chatNotFound}
      below={
        <section class="named-way" aria-label="For people who were named">
          <p>Was this shared with your e-mail address?</p>
          {asking ? (
            <NamedWay onSignedIn={onSignedIn} />
          ) : (
            <button type="button" class="button" onClick={() => setAsking(true)}>
              Sign in
            </button>
          )}
        </section>
      }
    />
  );
}

/** The same screen for a chat that was open until now; that much its reader knows anyway. */
export function EndedScreen({ onSignedIn }: { onSignedIn: () => void }) {
  useEffect(() => toast("Access to this chat has ended."), []);
  return <ChatNotFound onSignedIn={onSignedIn} />;
}
