import { useEffect } from "preact/hooks";
import { useSession } from "../app/session.ts";
import { modesOf } from "../share/link-end.ts";
import type { RoomModel } from "./room-model.ts";

/** Asks once what links there are to an owner's chat, so that its marks are true; the dialog that changes them tells. */
export function useOpens({ opens, role, room }: RoomModel): void {
  const { client } = useSession();
  useEffect(() => {
    if (role !== "owner" || opens.peek() !== null) return;
    client.links(room.chat).then(
      (links) => {
        opens.value ??= modesOf(links);
      },
      // Offline, or not the owner any more: then it says what is known without.
      () => undefined,
    );
  }, [client, opens, role, room]);
}
