import { MATE_NAME, resemblesMate } from "@openmates-share/protocol/content";
import { ClientError } from "./errors.ts";

/** Nobody may be taken for the one who answers. @throws ClientError `bad_request` */
export function refuseMateName(name: string): void {
  if (!resemblesMate(name)) return;
  throw new ClientError("bad_request", `${MATE_NAME} is the assistant here. Please choose a name that is not like it.`);
}
