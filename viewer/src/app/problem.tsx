import { CHAT_NOT_FOUND, ClientError, EMBED_NOT_FOUND, ProtocolError } from "@openmates-share/client";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Icon, type IconName } from "./icons.tsx";
import { InputError } from "./input-error.ts";
import { Page } from "./page.tsx";

/** What a calm screen says about a problem: what is the matter, and what to do next. */
export interface Problem {
  readonly icon: IconName;
  readonly title: string;
  readonly text: string;
  readonly next: string | null;
  /** Whether trying again by itself may help. */
  readonly retryable: boolean;
}

export const PROBLEMS = {
  chatNotFound: {
    icon: "search",
    title: "Chat not found",
    text: CHAT_NOT_FOUND,
    next: "If someone sent you this link, ask them whether they still share it.",
    retryable: false,
  },
  embedNotFound: {
    icon: "search",
    title: "Embed not found",
    text: EMBED_NOT_FOUND,
    next: "If someone sent you this link, ask them whether they still share it.",
    retryable: false,
  },
  noKey: {
    icon: "lock",
    title: "This browser has no key for this chat",
    text: "Chats are encrypted, and the key comes with the link. It is not kept in this browser (any more).",
    next: "Please open the complete link again, the one that was sent to you.",
    retryable: false,
  },
  unreachable: {
    icon: "retry",
    title: "The server can’t be reached",
    text: "Either you are offline or the server is not answering. Nothing is lost.",
    next: "This page tries again by itself.",
    retryable: true,
  },
  draftGone: {
    icon: "search",
    title: "This draft isn’t here",
    text: "Drafts are kept in the browser they were imported in, until you delete them.",
    next: "You can import the conversation again.",
    retryable: false,
  },
  insecure: {
    icon: "alert",
    title: "This address isn’t secure",
    text: "Encryption only works on an address that begins with https:// (or on localhost).",
    next: "Please open this page by its https:// address.",
    retryable: false,
  },
} as const satisfies Record<string, Problem>;

export function damagedLink(sentence: string): Problem {
  return { icon: "link", title: "This link is damaged", text: sentence, next: null, retryable: false };
}

/** The screen for an error of the client. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ClientError || error instanceof ProtocolError) {
    switch (error.code) {
      case "not_found":
        return PROBLEMS.chatNotFound;
      case "no_key":
        return PROBLEMS.noKey;
      case "unreachable":
      case "unavailable":
        return PROBLEMS.unreachable;
      case "malformed":
        return damagedLink(error.message);
      default:
        return {
          icon: "alert",
          title: "This chat can’t be opened",
          text: error.message,
          next: null,
          retryable: error instanceof ClientError && error.retryable,
        };
    }
  }
  reportError(error);
  return {
    icon: "alert",
    title: "Something went wrong",
    text: "This page ran into an error of its own.",
    next: "Reloading usually helps.",
    retryable: false,
  };
}

/** The sentence for an error beside what the person was doing. */
export function sentenceOf(error: unknown): string {
  if (error instanceof ClientError || error instanceof ProtocolError || error instanceof InputError)
    return error.message;
  reportError(error);
  return "Something went wrong on this page. Please try again.";
}

export function ProblemScreen(props: {
  problem: Problem;
  /** Beside the way home. */
  children?: ComponentChildren;
  below?: ComponentChildren;
}) {
  const { problem, children, below } = props;
  const heading = useRef<HTMLHeadingElement>(null);
  // A screen reader would otherwise stay on what is gone.
  useEffect(() => heading.current?.focus(), []);
  return (
    <Page>
      <div class="problem">
        <span class="problem-icon">
          <Icon name={problem.icon} />
        </span>
        <h1 ref={heading} tabIndex={-1}>
          {problem.title}
        </h1>
        <p>{problem.text}</p>
        {problem.next && <p class="hint">{problem.next}</p>}
        <div class="row">
          {children}
          <a class="button" href="#home">
            My chats
          </a>
        </div>
        {below}
      </div>
    </Page>
  );
}
