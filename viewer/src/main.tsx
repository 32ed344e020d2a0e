import "@fontsource-variable/figtree/wght.css";
import "@fontsource/newsreader/latin-500.css";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/layout.css";
import "./styles/home.css";
import "./styles/chat.css";
import "./styles/composer.css";
import "./styles/markdown.css";
import "./styles/dialog.css";
import "./styles/print.css";
import { render } from "preact";
import { App, InsecureApp } from "./app/app.tsx";
import { followAddress, takeAddress } from "./app/navigation.ts";
import { readPreference } from "./app/preferences.ts";
import { type Session, startSession } from "./app/session.ts";

// First of all, before anything can fail: the key leaves the address bar.
takeAddress();
followAddress();

const root = document.getElementById("app");
if (!root) throw new Error("The page has no place for the app.");

if (isSecureContext) {
  const session = await startSession(location.origin);
  render(<App session={session} />, root);
  void startSync(session);
  // An update that waited when the page was closed goes out whatever is opened now.
  if (readPreference("update") !== null) session.client.resumeUpdates().catch(reportError);
} else {
  render(<InsecureApp />, root);
}

/** For people who are signed in, once there is something to see. */
async function startSync({ client }: Session): Promise<void> {
  if (!(await client.isSignedIn())) return;
  const { startBackgroundSync } = await import("./account/background-sync.ts");
  startBackgroundSync(client);
}
