import type { RoomState } from "@openmates-share/client";
import { useEffect, useState } from "preact/hooks";
import { Icon } from "../app/icons.tsx";

/** A line that comes back at once is not worth a word. Milliseconds. */
const PATIENCE = 1_500;

export function ConnectionBanner({ state, writes }: { state: RoomState; writes: boolean }) {
  const { connection, pending } = state;
  const waiting = pending.filter((message) => message.state === "waiting").length;
  const away = connection === "offline" || connection === "connecting";
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (!away) {
      setShown(false);
      return;
    }
    const timer = setTimeout(() => setShown(true), PATIENCE);
    return () => clearTimeout(timer);
  }, [away]);
  return (
    <div class="connection" role="status">
      {shown && away && (
        <p>
          <Icon name="retry" />
          {connection === "connecting" ? "Connecting…" : "Offline. Reconnecting…"}
          {writes && ` ${promise(waiting)}`}
        </p>
      )}
    </div>
  );
}

function promise(waiting: number): string {
  if (waiting === 0) return "What you write now is sent when the connection is back.";
  return waiting === 1
    ? "1 message waits and is sent when the connection is back."
    : `${waiting} messages wait and are sent when the connection is back.`;
}
