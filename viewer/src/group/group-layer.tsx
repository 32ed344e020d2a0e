import { counted } from "../app/dates.ts";
import { Icon } from "../app/icons.tsx";
import type { Group } from "./group.tsx";
import { MANY } from "./unread.ts";

/** Above the first message that is new. */
export function UnreadLine() {
  return (
    <div class="unread-line">
      <span>New</span>
      <span class="unseen"> messages from here</span>
    </div>
  );
}

/** Over the chat while its end is not on the screen: how many messages are new, and the way there. */
export function JumpButton({ group }: { group: Group }) {
  const count = group.unread.value?.count.value ?? 0;
  if (group.view.atEnd.value) return null;
  const label = count > MANY ? `${MANY}+ new messages` : count > 0 ? counted(count, "new message") : null;
  return (
    <div class="jump">
      <button
        type="button"
        class={label ? "button small accent" : "button round small"}
        aria-label={label ?? "To the end"}
        title={label ?? "To the end"}
        onClick={() => group.toNew()}
      >
        <Icon name="down" />
        {label}
      </button>
    </div>
  );
}
