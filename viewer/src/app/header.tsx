import type { ShareClient } from "@openmates-share/client";
import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Icon, Logo } from "./icons.tsx";
import { route } from "./navigation.ts";
import { useSessionIfAny } from "./session.ts";
import { signedIn } from "./signed-in.ts";
import { ThemeButton } from "./theme.tsx";

/** New messages, told in the title while another tab is looked at. */
export const titleCount = signal(0);

const NAME = "OpenMates Share";

export function HomeHeader() {
  useTitle(null);
  const scrolled = useScrolled();
  return (
    <header class={scrolled ? "header scrolled" : "header"}>
      <a class="brand" href="#home">
        <Logo />
        <span class="words">{NAME}</span>
      </a>
      <span class="header-space" />
      <AccountLink />
      <ThemeButton />
    </header>
  );
}

function AccountLink() {
  const session = useSessionIfAny();
  return session && <AccountLinkOf client={session.client} />;
}

function AccountLinkOf({ client }: { client: ShareClient }) {
  useEffect(() => {
    client.isSignedIn().then(
      (known) => {
        signedIn.value = known;
      },
      () => undefined,
    );
  }, [client]);
  return (
    <a class="button quiet small" href="#account" aria-current={route.value.screen === "account" ? "page" : undefined}>
      {signedIn.value ? "Account" : "Sign in"}
    </a>
  );
}

/** Above a chat: the way back, and the title once its heading has scrolled away. */
export function ChatHeader({ title, children }: { title: string; children?: ComponentChildren }) {
  useTitle(title || "Untitled chat");
  const scrolled = useScrolled();
  return (
    <header class={scrolled ? "header scrolled" : "header"}>
      <a class="button quiet round small" href="#home" aria-label="My chats" title="My chats">
        <Icon name="back" />
      </a>
      <span class="header-title" dir="auto" aria-hidden="true">
        {title}
      </span>
      {children}
      <ThemeButton />
    </header>
  );
}

function useTitle(title: string | null): void {
  const count = titleCount.value;
  useEffect(() => {
    document.title = (count > 0 ? `(${count}) ` : "") + (title ? `${title} · ${NAME}` : NAME);
  }, [title, count]);
}

function useScrolled(): boolean {
  const [scrolled, setScrolled] = useState(false);
  useEffect(() => {
    const look = () => setScrolled(scrollY > 64);
    look();
    addEventListener("scroll", look, { passive: true });
    return () => removeEventListener("scroll", look);
  }, []);
  return scrolled;
}
