import { identifyLink, parseShareUrl, type ShareLink } from "@openmates-share/protocol/link";
import { type Bytes, bearerOfLink, type EmbedId, type LinkMode } from "@openmates-share/protocol/wire";
import { Device } from "./device.ts";
import { ClientError } from "./errors.ts";
import { memoryStore } from "./memory-store.ts";

/** What a link tells whoever holds it, before anything is decrypted. */
export interface LinkFacts {
  /** Null when looking would count as opening: for links with a limit of views. Embeds are for reading. */
  readonly mode: LinkMode | null;
  /** How many messages it shows, or null as above and for embeds; changes to messages count as well. */
  readonly messages: number | null;
}

/**
 * What is behind a link, without opening it: nothing is counted, kept or decrypted, and a password is not needed.
 * @throws ClientError `not_found` for a link that shows nothing to everybody who has it, `unreachable`, `malformed`
 */
export async function lookAt(server: string, link: string | ShareLink): Promise<LinkFacts> {
  const { subject, key } = typeof link === "string" ? parseShareUrl(link) : link;
  const device = new Device({ server, store: memoryStore() });
  if (subject.type === "embed") return lookAtEmbed(device, { embed: subject.id, key });
  const bearer = await device.bearer({ chat: subject.id, linkKey: key });
  try {
    const { linkMode, sharedThrough, page } = await device.api.open(subject.id, { around: null, as: { link: bearer } });
    return { mode: linkMode, messages: linkMode === "collaborative" ? page.through : sharedThrough };
  } catch (error) {
    if (error instanceof ClientError && error.code === "view_required") return { mode: null, messages: null };
    throw error;
  }
}

async function lookAtEmbed(device: Device, { embed, key }: { embed: EmbedId; key: Bytes }): Promise<LinkFacts> {
  const { EmbedApi } = await import("./embeds/embed-api.ts");
  const identity = await identifyLink({ linkKey: key, subject: embed });
  await new EmbedApi(device.api).open(embed, { as: { link: bearerOfLink(identity) } });
  return { mode: "read-only", messages: null };
}
