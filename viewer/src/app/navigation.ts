import { signal } from "@preact/signals";
import { type Route, readAddress } from "./route.ts";

/** The screen that is shown. */
export const route = signal<Route>({ screen: "home" });

let screens = 0;

/** Whether another screen was here before: the focus that was on it went with it. */
export function cameFromAnotherScreen(): boolean {
  return screens > 1;
}

/** The fragment of the screen that is shown. */
let shown: string | null = null;

/**
 * Reads the address and takes the key out of it: out of the bar, and out of the history entry that a shared computer's
 * next user could go back to.
 */
export function takeAddress(): void {
  const address = readAddress(location.href);
  const { route: asked } = address;
  // What Google says in the query is said once.
  const back = asked.screen === "account" && asked.back !== null;
  if (back || location.hash !== address.fragment) {
    history.replaceState(null, "", location.pathname + (back ? "" : location.search) + address.fragment);
  }
  // The browser tells of one step in two events; the second one must not open the same chat again.
  const { screen } = address.route;
  const carriesNews =
    screen === "damaged" || ((screen === "chat" || screen === "embed") && address.route.link !== null);
  if (address.fragment === shown && !carriesNews) return;
  shown = address.fragment;
  screens += 1;
  const another = screens > 1 && route.peek().screen !== screen;
  route.value = address.route;
  // A link within the page leaves it scrolled as it was, which means nothing on another screen.
  if (another) scrollTo(0, 0);
}

/** Listens for the address to change; returns what ends it. */
export function followAddress(): () => void {
  addEventListener("hashchange", takeAddress);
  addEventListener("popstate", takeAddress);
  return () => {
    removeEventListener("hashchange", takeAddress);
    removeEventListener("popstate", takeAddress);
  };
}

/** Goes to a screen; `replace` leaves no history entry of the one before. */
export function go(fragment: string, options: { replace?: boolean } = {}): void {
  const address = location.pathname + location.search + fragment;
  if (options.replace) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  takeAddress();
  scrollTo(0, 0);
}
