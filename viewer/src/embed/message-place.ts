import type { ChatId, SenderId } from "@openmates-share/client";
import { createContext } from "preact";
import { useContext } from "preact/hooks";

/** In which chat a message stands, and who wrote it: a file in it has to belong to that chat and come from that person. */
export interface MessagePlace {
  readonly chat: ChatId;
  readonly sender: SenderId;
  /** Whether this device wrote it, and so may share what is in it on its own. */
  readonly mine: boolean;
}

const PlaceContext = createContext<MessagePlace | null>(null);
export const MessagePlaceProvider = PlaceContext.Provider;

/** Null outside of a chat: in a draft. */
export function useMessagePlace(): MessagePlace | null {
  return useContext(PlaceContext);
}
