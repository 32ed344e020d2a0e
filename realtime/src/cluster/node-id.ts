import { randomBytes } from "node:crypto";

/** One run of a server process; a restarted server is another node. */
export type NodeId = string & { readonly idOf: "node" };

export function newNodeId(): NodeId {
  return randomBytes(12).toString("base64url") as NodeId;
}
