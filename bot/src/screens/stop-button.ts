import type { types } from "@slack/bolt";
import { plain } from "./words.ts";

/** Ends something for good. */
export function stopButton(options: { action: string; label: string; value: string }): types.Button {
  const { action, label, value } = options;
  return { type: "button", action_id: action, style: "danger", text: plain(label), value };
}

/** Ends a share, for which whoever presses it is asked once more. @param warning what comes of it */
export function stopSharingButton(options: { action: string; chat: string; warning: string }): types.Button {
  const { action, chat, warning } = options;
  return {
    ...stopButton({ action, label: "Stop sharing", value: chat }),
    confirm: {
      title: plain("Stop sharing?"),
      text: plain(warning),
      confirm: plain("Stop sharing"),
      deny: plain("Cancel"),
    },
  };
}
