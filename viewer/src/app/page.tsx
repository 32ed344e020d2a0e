import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { HomeHeader } from "./header.tsx";
import { cameFromAnotherScreen } from "./navigation.ts";

/** A whole screen: header, and the one main part. */
export function Page({ header, children }: { header?: ComponentChildren; children: ComponentChildren }) {
  useEffect(() => {
    // Else the keyboard and the screen reader would begin before the page.
    if (cameFromAnotherScreen() && document.activeElement === document.body) {
      document.getElementById("main")?.focus({ preventScroll: true });
    }
  }, []);
  return (
    <>
      <button type="button" class="button skip" onClick={focusMain}>
        Skip to the content
      </button>
      {header ?? <HomeHeader />}
      <main id="main" tabIndex={-1}>
        {children}
      </main>
    </>
  );
}

/** A link to `#main` would be an address for the router. */
function focusMain(): void {
  document.getElementById("main")?.focus();
}
