import {
  memoryStore,
  type OpenerSetup,
  type SealedPage,
  type SealJob,
  type SecretStore,
  ShareClient,
  WorkerOpener,
} from "@openmates-share/client";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { openDatabase } from "../storage/database.ts";
import { IndexedSecrets } from "../storage/indexed-secrets.ts";
import { PendingLinks } from "../storage/pending-links.ts";
import openerWorker from "./opener-worker.ts?worker&url";
import { readPreference } from "./preferences.ts";
import { startWorker } from "./start-worker.ts";

/** What the screens work with: one per page. */
export interface Session {
  readonly client: ShareClient;
  /** What this browser keeps for the person, sealed. */
  readonly store: SecretStore;
  readonly pendingLinks: PendingLinks;
  /** False where the browser lets this page keep nothing: everything is gone with the tab. */
  readonly remembers: boolean;
}

const SessionContext = createContext<Session | null>(null);
export const SessionProvider = SessionContext.Provider;

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("A screen was rendered outside of the app.");
  return session;
}

/** Null on the page that can't work here. */
export function useSessionIfAny(): Session | null {
  return useContext(SessionContext);
}

export async function startSession(server: string): Promise<Session> {
  const { store, remembers } = await openStore();
  const opener = (setup: OpenerSetup) => new WorkerOpener(setup, () => startWorker(openerWorker));
  const client = new ShareClient({ server, store, sealer: seal, opener, keepsUnsent: true, tellsReads });
  // What waits to be sent is not to wait for the pause before the next attempt, too.
  addEventListener("online", () => client.wake());
  return { client, store, pendingLinks: new PendingLinks(store), remembers };
}

/** Asked each time: it can be changed while a chat is open. */
function tellsReads(): boolean {
  return readPreference("reads") !== "off";
}

async function openStore(): Promise<{ store: SecretStore; remembers: boolean }> {
  try {
    const store = new IndexedSecrets(await openDatabase());
    await store.names("");
    return { store, remembers: true };
  } catch {
    return { store: memoryStore(), remembers: false };
  }
}

/** Loaded when somebody shares. */
async function* seal(job: SealJob): AsyncGenerator<SealedPage> {
  const { sealInWorker } = await import("../upload/seal-in-worker.ts");
  yield* sealInWorker(job);
}
