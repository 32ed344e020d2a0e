import type { ChatKey } from "@openmates-share/protocol/crypto";
import type { Bytes } from "@openmates-share/protocol/wire";
import type { OpenedEnvelope, OpenerSetup, Sealed } from "./opener.ts";

/** What goes to an opener's worker: first who it opens for, then work, each with a number that the answer repeats. */
export type OpenerRequest =
  | { readonly type: "start"; readonly setup: OpenerSetup }
  | { readonly type: "keys"; readonly keys: readonly ChatKey[] }
  | { readonly type: "open"; readonly number: number; readonly messages: readonly Sealed[] }
  | { readonly type: "heads"; readonly number: number; readonly before: Bytes; readonly entries: Bytes };

export type OpenerAnswer =
  /** It runs; nothing is sent to it before. */
  | { readonly number: 0 }
  | { readonly number: number; readonly opened: readonly OpenedEnvelope[] }
  | { readonly number: number; readonly heads: Bytes }
  /** The platform lacks something; no message is to blame. */
  | { readonly number: number; readonly failed: string };
