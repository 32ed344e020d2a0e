import { useEffect, useRef } from "preact/hooks";
import { writePreference } from "../app/preferences.ts";
import { useSession } from "../app/session.ts";
import { announce, toast } from "../app/toasts.tsx";
import { useSecondsUntil } from "../app/use-seconds-until.ts";
import { useTask } from "../app/use-task.ts";
import type { RoomModel } from "./room-model.ts";
import { useUnshared } from "./unshared.ts";
import "../styles/planned-update.css";

/** The ten seconds in which an update can be undone; they go on after a reload. Also tells the model of it. */
export function PlannedUpdateBar({ model }: { model: RoomModel }) {
  const { client } = useSession();
  const { chat } = model.room;
  const planned = model.planned.value;
  useEffect(() => {
    let shown = true;
    const look = async () => {
      const found = await client.plannedUpdate(chat);
      if (shown) model.planned.value = found;
    };
    look()
      .then(() => client.resumeUpdates())
      .catch(reportError);
    const stop = client.onUpdateSent((sent) => {
      if (sent !== chat) return;
      model.planned.value = null;
      writePreference("update", null);
      toast("The shared chat was updated.");
    });
    // Another window may have planned, undone or sent one.
    const stopKeys = client.onKeysChange(() => void look().catch(reportError));
    return () => {
      shown = false;
      stop();
      stopKeys();
    };
  }, [client, chat, model]);
  return planned && <Countdown key={planned.due} model={model} planned={planned} />;
}

function Countdown({ model, planned }: { model: RoomModel; planned: { through: number; due: number } }) {
  const { client } = useSession();
  const seconds = useSecondsUntil(planned.due);
  const undo = useRef<HTMLButtonElement>(null);
  const { busy, run } = useTask({ says: "toast" });
  const words = useUnshared(model, { through: planned.through }) ?? "what is new";
  useEffect(() => {
    // The dialog is gone, and this is the one thing to do now.
    undo.current?.focus();
    announce(
      `The shared chat is updated in ${Math.max(Math.round((planned.due - Date.now()) / 1000), 0)} seconds. Press Undo to stop it.`,
    );
  }, [planned.due]);
  const takeBack = async () => {
    const undone = await client.undoUpdate(model.room.chat);
    model.planned.value = null;
    if (undone) writePreference("update", null);
    toast(undone ? "Nothing was shared." : "It was too late: the shared chat was updated already.");
  };
  return (
    <section class="planned-update" aria-label="Update of the shared chat">
      <p>
        {seconds > 0 ? (
          <>
            Sharing {words} in <b class="seconds">{seconds} s</b>
          </>
        ) : (
          `Sharing ${words}…`
        )}
      </p>
      <button
        ref={undo}
        type="button"
        class="button small"
        disabled={busy || seconds === 0}
        onClick={() => run(takeBack)}
      >
        Undo
      </button>
      <span class="planned-time" aria-hidden="true" style={{ "--left": `${seconds / 10}` }} />
    </section>
  );
}
