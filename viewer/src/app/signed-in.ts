import { signal } from "@preact/signals";

/** Whether somebody is signed in here, for what stands on every screen. */
export const signedIn = signal(false);
