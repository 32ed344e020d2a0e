import type { ServiceInfo, ShareClient } from "@openmates-share/client";
import { useEffect, useState } from "preact/hooks";
import { useSession } from "../app/session.ts";

export type MateInfo = ServiceInfo["mate"];

const known = new WeakMap<ShareClient, MateInfo>();

/** Who answers mentions on this server; null until that is known. */
export function useMate(): MateInfo | null {
  const { client } = useSession();
  const [mate, setMate] = useState<MateInfo | null>(() => known.get(client) ?? null);
  useEffect(() => {
    if (mate) return;
    let shown = true;
    client.service().then(
      (service) => {
        known.set(client, service.mate);
        if (shown) setMate(service.mate);
      },
      // The general name stands; sending says what is the matter.
      () => undefined,
    );
    return () => {
      shown = false;
    };
  }, [client, mate]);
  return mate;
}
