import { Icon } from "../app/icons.tsx";

/** Stays in sight wherever one reads in a chat that is not what was shared. */
export function AlteredStrip() {
  const show = () => {
    scrollTo({ top: 0, behavior: "instant" });
    // The list gives the page back to its top first.
    requestAnimationFrame(() => document.getElementById("altered")?.focus());
  };
  return (
    <div class="altered-strip">
      <Icon name="alert" />
      <span>Not what was shared</span>
      <button type="button" class="button small" onClick={show}>
        See why
      </button>
    </div>
  );
}
