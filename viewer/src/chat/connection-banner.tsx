import type { RoomState } from "@openmates-share/client";
import { useEffect, useState } from "preact/hooks";
import { Icon } from "../app/icons.tsx";

/** A line that comes back at once is not worth a word. Milliseconds. */
const PATIENCE = 1_500;

export function ConnectionBanner({ connection, writes }: { connection: RoomState["connection"]; writes: boolean }) {
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
          {connection === "connecting" ? "Connecting …" : "Offline. Reconnecting …"}
          {writes && " What you write now is sent when the connection is back."}
        </p>
      )}
    </div>
  );
}
