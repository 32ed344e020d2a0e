import type { ChatId, LinkId, SenderId } from "@openmates-share/protocol/wire";
import type { Device } from "./device.ts";
import { takeAway } from "./epochs.ts";
import { ClientError } from "./errors.ts";
import type { OwnedChats, SharedChat } from "./owned-chats.ts";
import { OwnerApi } from "./owner-api.ts";

export interface RemoveOptions {
  /** Ends the link that the person came by, and makes another with the same settings. */
  readonly andReplaceLink?: boolean;
  /** Of the new link, if it is to have one: the old one's is not kept anywhere. */
  readonly password?: string | null;
  readonly alsoRevoke?: readonly LinkId[];
}

export interface RemovedPerson {
  /** Takes the old link's place; null when that one goes on. */
  readonly replacement: SharedChat | null;
  /** People who had come by the old link, and need the new one. */
  readonly others: readonly SenderId[];
  /** Whether the removed person can still open the chat as somebody else, by a link that is for everybody and goes on. */
  readonly canReturn: boolean;
}

/** @throws KeylessLinksError, ClientError `not_found` for somebody who is not in the chat */
export async function removePerson(
  { device, owned }: { device: Device; owned: OwnedChats },
  request: RemoveOptions & { chat: ChatId; sender: SenderId },
): Promise<RemovedPerson> {
  const { chat, sender, andReplaceLink = false, password = null, alsoRevoke = [] } = request;
  const { links, members } = await new OwnerApi(device.api).epoch(chat, await device.owner());
  const member = members.find((one) => one.sender === sender);
  if (!member) throw new ClientError("not_found", "This person is not in the chat any more.");
  const others = members.filter((one) => one.link === member.link && one.sender !== sender).map((one) => one.sender);
  const came = links.find(({ link }) => link === member.link);
  const known = (await owned.links(chat)).find(({ link }) => link === member.link);
  // A link for one person ends with that person.
  const ends = andReplaceLink || came?.audience.type === "named";
  const what = { links: ends ? [member.link] : [], people: [sender] };
  await takeAway(device, chat, { what: () => what, alsoRevoke });
  if (!andReplaceLink || came?.audience.type !== "public") {
    return { replacement: null, others: [], canReturn: !ends };
  }
  const { mode, viewLimit } = came;
  const label = known?.label ?? null;
  // By this device's clock, as links are made.
  const { expiresAt } = known ?? came;
  const replacement = await owned.createLink(chat, { mode, expiresAt, viewLimit, label, password });
  return { replacement, others, canReturn: false };
}
