import { useState } from "preact/hooks";
import { Check } from "../app/check.tsx";
import { Choices, type Option } from "../app/choices.tsx";
import { Dialog } from "../app/dialog.tsx";
import {
  askToNotify,
  type NotifyLevel,
  notifyLevel,
  notifyPermission,
  notifyText,
  setNotifyLevel,
  setNotifyText,
  setTellsReads,
  tellsReads,
} from "./notify-settings.ts";

const LEVELS: readonly Option<NotifyLevel>[] = [
  { value: "off", name: "Nothing", hint: "The tab shows how many messages are new." },
  { value: "mentions", name: "What is meant for me", hint: "Messages that mention your name, and replies to yours." },
  { value: "all", name: "Every message", hint: "Also what people say to each other." },
];

/** What a person is told while they look elsewhere. The browser is asked when, and only when, somebody wants it. */
export function NotifyDialog({ onClose }: { onClose: () => void }) {
  const [permission, setPermission] = useState(notifyPermission);
  const level = notifyLevel.value;
  const choose = async (wanted: NotifyLevel) => {
    const answer = wanted !== "off" && permission === "default" ? await askToNotify() : permission;
    setPermission(answer);
    setNotifyLevel(wanted === "off" || answer === "granted" ? wanted : "off");
  };
  const able = permission !== "missing" && permission !== "denied";
  return (
    <Dialog title="Notifications and read marks" onClose={onClose}>
      <Choices
        legend="While you look elsewhere, tell me of"
        options={LEVELS.map((one) => ({ ...one, disabled: one.value !== "off" && !able }))}
        value={level}
        onChange={(wanted) => void choose(wanted).catch(reportError)}
      />
      {permission === "denied" && (
        <p class="sentence private" role="status">
          Your browser was told not to show notifications of this site. You can change that beside the address.
        </p>
      )}
      {permission === "missing" && <p class="sentence">This browser can’t show notifications.</p>}
      <Check
        checked={notifyText.value}
        onChange={setNotifyText}
        disabled={level === "off"}
        hint="Whoever sees your screen can read that, also while it is locked. Without it a notification only says that there is a message."
      >
        Show who wrote and what
      </Check>
      <Check checked={tellsReads.value} onChange={setTellsReads} hint="You see how far they have read either way.">
        Let the others see how far I have read
      </Check>
      <p class="hint">For all chats in this browser, and notifications as long as they are open in a tab.</p>
    </Dialog>
  );
}
