import { useState } from "preact/hooks";
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

const LEVELS: readonly { readonly level: NotifyLevel; readonly name: string; readonly hint: string }[] = [
  { level: "off", name: "Nothing", hint: "The tab shows how many messages are new." },
  { level: "mentions", name: "What is meant for me", hint: "Messages that mention your name, and replies to yours." },
  { level: "all", name: "Every message", hint: "Also what people say to each other." },
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
      <fieldset class="group">
        <legend>While you look elsewhere, tell me of</legend>
        {LEVELS.map(({ level: one, name, hint }) => (
          <label key={one} class="choice">
            <input
              type="radio"
              name="notify"
              checked={level === one}
              disabled={one !== "off" && !able}
              onChange={() => void choose(one).catch(reportError)}
            />
            <b>{name}</b>
            <span>{hint}</span>
          </label>
        ))}
      </fieldset>
      {permission === "denied" && (
        <p class="sentence private" role="status">
          Your browser was told not to show notifications of this site. You can change that beside the address.
        </p>
      )}
      {permission === "missing" && <p class="sentence">This browser can’t show notifications.</p>}
      <label class="check">
        <input
          type="checkbox"
          checked={notifyText.value}
          disabled={level === "off"}
          onChange={({ currentTarget }) => setNotifyText(currentTarget.checked)}
        />
        <span>
          Show who wrote and what
          <span class="hint block">
            Whoever sees your screen can read that, also while it is locked. Without it a notification only says that
            there is a message.
          </span>
        </span>
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={tellsReads.value}
          onChange={({ currentTarget }) => setTellsReads(currentTarget.checked)}
        />
        <span>
          Let the others see how far I have read
          <span class="hint block">You see how far they have read either way.</span>
        </span>
      </label>
      <p class="hint">For all chats in this browser, and notifications as long as they are open in a tab.</p>
    </Dialog>
  );
}
