import { MATE_NAME } from "@openmates-share/client";

/** What one can do in a chat of one's own in which nothing is written yet. */
export function EmptyChat() {
  return (
    <p class="empty">
      Nobody but you sees this chat. Write something, ask @{MATE_NAME}, or press Share to let others in.
    </p>
  );
}
