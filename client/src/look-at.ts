import { identifyLink, parseShareUrl, type ShareLink } from "@openmates-share/protocol/link";
import {
  type Bytes,
  bearerOfLink,
  type EmbedId,
  LINK_MODES,
  type LinkGlance,
  type LinkMode,
  seqSchema,
} from "@openmates-share/protocol/wire";
import * as v from "valibot";
import { Device } from "./device.ts";
import { memoryStore } from "./memory-store.ts";
import { readAnswer } from "./responses.ts";

/** What a link tells whoever holds it, before anything is decrypted. */
export interface LinkFacts {
  /** Embeds are for reading. */
  readonly mode: LinkMode;
  /** How many messages it shows; null for embeds. */
  readonly messages: number | null;
  /** When it ends by itself, milliseconds since 1970; null for never. */
  readonly expiresAt: number | null;
}

/**
 * What is behind a link, without opening it: nothing is counted, kept or decrypted, and a password is not needed.
 * @throws ClientError `not_found` for a link that shows nothing to everybody who has it, `unreachable`, `malformed`
 */
export async function lookAt(server: string, link: string | ShareLink): Promise<LinkFacts> {
  const { subject, key } = typeof link === "string" ? parseShareUrl(link) : link;
  const device = new Device({ server, store: memoryStore() });
  if (subject.type === "embed") return lookAtEmbed(device, { embed: subject.id, key });
  const as = { link: await device.bearer({ chat: subject.id, linkKey: key }) };
  return readAnswer(glanceSchema, await device.api.json({ method: "GET", path: `/api/chats/${subject.id}/link`, as }));
}

const glanceSchema = v.object({
  mode: v.picklist(LINK_MODES),
  expiresAt: v.nullable(v.number()),
  messages: seqSchema,
}) satisfies v.GenericSchema<unknown, LinkGlance>;

async function lookAtEmbed(device: Device, { embed, key }: { embed: EmbedId; key: Bytes }): Promise<LinkFacts> {
  const { EmbedApi } = await import("./embeds/embed-api.ts");
  const identity = await identifyLink({ linkKey: key, subject: embed });
  const { until } = await new EmbedApi(device.api).open(embed, { as: { link: bearerOfLink(identity) } });
  return { mode: "read-only", messages: null, expiresAt: until };
}
