import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { lazy } from "./lazy.tsx";
import { isNotFound, type Opening } from "./opening.ts";
import { ProblemScreen } from "./problem.tsx";

const PasswordForm = lazy(async () => (await import("../chat/password-form.tsx")).PasswordForm);

/** What was shared, or what stands in its place until it is open. */
export function OpeningScreen<Opened>(props: {
  opening: Opening<Opened>;
  /** While it is fetched and decrypted. */
  waiting: ComponentChildren;
  password: { readonly title: string; readonly open: string };
  /** Where more can be done about it than the common screen says. */
  notFound?: ComponentChildren;
  children: (opened: Opened) => ComponentChildren;
}) {
  const { opening, waiting, password, notFound, children } = props;
  useEffect(() => {
    opening.start();
    return () => opening.stop();
  }, [opening]);
  const now = opening.state.value;
  switch (now.state) {
    case "opening":
      return waiting;
    case "locked":
      return (
        <PasswordForm
          title={password.title}
          openLabel={password.open}
          busy={now.busy}
          sentence={now.sentence}
          onPassword={(given) => opening.unlock(given)}
        />
      );
    case "problem":
      if (notFound && isNotFound(now.problem)) return notFound;
      return (
        <ProblemScreen problem={now.problem}>
          {now.problem.retryable && (
            <button type="button" class="button primary" onClick={() => opening.retry()}>
              Try again now
            </button>
          )}
        </ProblemScreen>
      );
    case "open":
      return children(now.opened);
  }
}
