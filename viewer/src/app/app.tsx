import { ChatScreen } from "../chat/chat-screen.tsx";
import { Confirm } from "./confirm.tsx";
import { dropTarget } from "./drop-target.ts";
import { lazy } from "./lazy.tsx";
import { go, route } from "./navigation.ts";
import { damagedLink, PROBLEMS, ProblemScreen } from "./problem.tsx";
import { type Session, SessionProvider } from "./session.ts";
import { Toasts } from "./toasts.tsx";
import { useDrop } from "./use-drop.ts";

const HomeScreen = lazy(async () => (await import("../home/home-screen.tsx")).HomeScreen);
const EmbedScreen = lazy(async () => (await import("../embed/embed-screen.tsx")).EmbedScreen);
const DraftScreen = lazy(async () => (await import("../chat/draft-screen.tsx")).DraftScreen);
const ChoosingScreen = lazy(async () => (await import("../import/choosing-screen.tsx")).ChoosingScreen);

const AccountScreen = lazy(async () => (await import("../account/account-screen.tsx")).AccountScreen);

export function App({ session }: { session: Session }) {
  const dropping = useDrop((file, all) => {
    if (dropTarget.value) return dropTarget.value.take(all);
    if (route.value.screen !== "home") go("");
    void takeDropped(file, session);
  });
  return (
    <SessionProvider value={session}>
      <Screen />
      {dropping.value && (
        <div class="dropping" aria-hidden="true">
          <p>{dropTarget.value?.label ?? "Drop it here to read it"}</p>
        </div>
      )}
      <Confirm />
      <Toasts />
    </SessionProvider>
  );
}

async function takeDropped(file: File, { store }: Session): Promise<void> {
  const [{ takeFile }, { Drafts }] = await Promise.all([import("../import/intake.ts"), import("../storage/drafts.ts")]);
  await takeFile(file, new Drafts(store));
}

/** What a page without a session can show: that it can't work here. */
export function InsecureApp() {
  return <ProblemScreen problem={PROBLEMS.insecure} />;
}

function Screen() {
  const now = route.value;
  switch (now.screen) {
    case "home":
      return <HomeScreen />;
    case "import":
      return <ChoosingScreen />;
    case "account":
      return <AccountScreen back={now.back} />;
    case "draft":
      return <DraftScreen key={now.id} id={now.id} />;
    case "chat":
      return <ChatScreen key={now.chat} route={now} />;
    case "embed":
      return <EmbedScreen key={now.embed} route={now} />;
    case "damaged":
      return <ProblemScreen problem={damagedLink(now.sentence)} />;
  }
}
