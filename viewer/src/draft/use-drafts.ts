import { useMemo } from "preact/hooks";
import { useSession } from "../app/session.ts";
import { Drafts } from "../storage/drafts.ts";

/** This browser's drafts; a file of its own, for who only reads needs none of it. */
export function useDrafts(): Drafts {
  const { store } = useSession();
  return useMemo(() => new Drafts(store), [store]);
}
