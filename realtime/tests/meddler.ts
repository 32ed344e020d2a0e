import { PACKET_PARSER, SOCKET_PATH } from "@openmates-share/protocol/wire";
import * as stranger from "@openmates-share/testing/meddler";

export type { Meddler } from "@openmates-share/testing/meddler";

/** Somebody in the middle who speaks as our server does. */
export function startMeddler(server: string): Promise<stranger.Meddler> {
  return stranger.startMeddler(server, { path: SOCKET_PATH, parser: PACKET_PARSER });
}
