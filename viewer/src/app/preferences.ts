/** Small conveniences that are no secrets; without storage they last as long as the page. */
const PREFIX = "openmates-share ";

type PreferenceName = "name" | "theme" | "keys" | "update" | "notify" | "notify-text" | "colour" | "reads" | "chats";

export function readPreference(name: PreferenceName): string | null {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

export function writePreference(name: PreferenceName, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, value);
  } catch {
    // Storage is switched off or full; nothing depends on it.
  }
}
