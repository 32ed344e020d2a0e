import type { ComponentChildren } from "preact";
import { HomeHeader } from "./header.tsx";

/** A whole screen: header, and the one main part. */
export function Page({ header, children }: { header?: ComponentChildren; children: ComponentChildren }) {
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
