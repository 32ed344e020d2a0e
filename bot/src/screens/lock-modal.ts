import type { View } from "../slack/slack.ts";
import { PASSWORD_ACTION } from "./field-names.ts";
import { textInput } from "./inputs.ts";
import { note } from "./mrkdwn-text.ts";
import { plain } from "./words.ts";

/** Names the form among the views that Slack sends back. */
export const LOCK_VIEW = "lock_form";

/** Asks for the password of the link that takes another's place. @param chat travels with the form */
export function lockModal(chat: string): View {
  return {
    type: "modal",
    callback_id: LOCK_VIEW,
    private_metadata: chat,
    title: plain("Add a password"),
    submit: plain("Replace the link"),
    close: plain("Cancel"),
    blocks: [
      textInput({
        name: PASSWORD_ACTION,
        label: "Password",
        hint: "Slack sees what you type here. Tell it to your readers some other way.",
        value: "",
        max: 200,
      }),
      note("The link that was posted ends. The new one comes to you as a direct message."),
    ],
  };
}
