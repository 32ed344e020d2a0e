import { ClientError, type KeptFile, pageWith } from "@openmates-share/client";
import type { KeptPage } from "../reading/reading-source.ts";

/** Where the page is, without a chat in it. */
const TEMPLATE = "/kept.html";

/** @throws ClientError `unreachable` */
export async function keptPage({ bytes, leftOut }: KeptFile): Promise<KeptPage> {
  const answer = await fetch(TEMPLATE).catch(() => null);
  if (!answer?.ok) throw new ClientError("unreachable", "The page for the file could not be loaded. Please try again.");
  return { file: pageWith(await answer.text(), bytes), leftOut };
}
