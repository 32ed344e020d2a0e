import type { ShareClient } from "@openmates-share/client";
import { toast } from "../app/toasts.tsx";

/** Keys that change together, as when a chat is shared, go up together. Milliseconds. */
const SETTLED_AFTER = 2_000;

let started = false;

/** Keeps this device's keys alike with the others' while somebody is signed in: at the start, after changes, on coming back. */
export function startBackgroundSync(client: ShareClient): void {
  if (started) return;
  started = true;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let told = "";
  const sync = async () => {
    if (!(await client.isSignedIn())) return;
    const report = await (await client.account()).sync.sync();
    const conflicts = report?.conflicts.join(" ") ?? "";
    if (conflicts !== "" && conflicts !== told) {
      toast("Your devices hold different keys for a chat. Each keeps its own; see your account page.");
    }
    told = conflicts;
  };
  // What fails here is tried again with the next change, and said on the account page.
  const quietly = () => void sync().catch(() => undefined);
  client.onKeysChange(() => {
    clearTimeout(waiting);
    waiting = setTimeout(quietly, SETTLED_AFTER);
  });
  addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") quietly();
  });
  quietly();
}
