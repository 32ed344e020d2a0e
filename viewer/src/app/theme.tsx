import { signal } from "@preact/signals";
import { IconButton } from "./icon-button.tsx";
import type { IconName } from "./icons.tsx";
import { readPreference, writePreference } from "./preferences.ts";

const THEMES = ["system", "light", "dark"] as const;
type Theme = (typeof THEMES)[number];

const LOOK: Record<Theme, { icon: IconName; name: string }> = {
  system: { icon: "system", name: "as the system" },
  light: { icon: "sun", name: "light" },
  dark: { icon: "moon", name: "dark" },
};

const theme = signal<Theme>(THEMES.find((known) => known === readPreference("theme")) ?? "system");

function choose(next: Theme): void {
  theme.value = next;
  writePreference("theme", next === "system" ? null : next);
  if (next === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
}

/** One button that walks through system, light and dark. */
export function ThemeButton() {
  const now = theme.value;
  const next = THEMES[(THEMES.indexOf(now) + 1) % THEMES.length] ?? "system";
  const label = `Theme: ${LOOK[now].name}. Change to ${LOOK[next].name}`;
  return <IconButton icon={LOOK[now].icon} label={label} className="theme" onClick={() => choose(next)} />;
}
