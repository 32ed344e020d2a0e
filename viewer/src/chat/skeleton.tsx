import { Page } from "../app/page.tsx";

/** The shape of a chat while it is fetched and decrypted. */
export function Skeleton() {
  return (
    <Page>
      <div class="skeleton" role="status">
        <span class="unseen">Opening the chat…</span>
        <div class="bone title" />
        {[0, 1, 2].map((row) => (
          <div key={row} class="bone-message" aria-hidden="true">
            <div class="bone name" />
            <div class="bone" />
            <div class="bone" />
            <div class="bone short" />
          </div>
        ))}
      </div>
    </Page>
  );
}
