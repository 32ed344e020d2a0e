import { signal } from "@preact/signals";
import { readPreference, writePreference } from "../app/preferences.ts";

/** Which messages a person is told of while they look elsewhere. */
export type NotifyLevel = "off" | "mentions" | "all";

const LEVELS: readonly NotifyLevel[] = ["mentions", "all"];

/** On this device, for every chat. */
export const notifyLevel = signal<NotifyLevel>(LEVELS.find((level) => level === readPreference("notify")) ?? "off");

/** Whether names and words are shown in it: they stand on a locked screen, too. */
export const notifyText = signal(readPreference("notify-text") === "on");

export function setNotifyLevel(level: NotifyLevel): void {
  notifyLevel.value = level;
  writePreference("notify", level === "off" ? null : level);
}

export function setNotifyText(on: boolean): void {
  notifyText.value = on;
  writePreference("notify-text", on ? "on" : null);
}

/** Whether the others in a chat may see how far one has read. */
export const tellsReads = signal(readPreference("reads") !== "off");

export function setTellsReads(on: boolean): void {
  tellsReads.value = on;
  writePreference("reads", on ? null : "off");
}

/** What the browser says of it: `missing` where it can't at all. */
export type NotifyPermission = NotificationPermission | "missing";

export function notifyPermission(): NotifyPermission {
  return "Notification" in globalThis ? Notification.permission : "missing";
}

/** Only ever by a click of the person's own. */
export async function askToNotify(): Promise<NotifyPermission> {
  return "Notification" in globalThis ? Notification.requestPermission() : "missing";
}
