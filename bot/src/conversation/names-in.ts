import * as v from "valibot";
import type { Slack } from "../slack/slack.ts";
import type { SlackMessage } from "../slack/slack-message.ts";
import { type Names, namedIn } from "./mrkdwn.ts";

const userSchema = v.object({ user_id: v.string() });
const channelSchema = v.object({ channel_id: v.string() });
const groupSchema = v.object({ usergroup_id: v.string() });

interface Ids {
  readonly people: Set<string>;
  readonly channels: Set<string>;
  readonly groups: Set<string>;
}

/** Looks up what the messages name, each once; `people` are needed besides. */
export async function namesIn(
  slack: Pick<Slack, "personName" | "channelName" | "groupName">,
  messages: readonly SlackMessage[],
): Promise<Names> {
  const ids: Ids = { people: new Set(), channels: new Set(), groups: new Set() };
  for (const message of messages) {
    if (message.user) ids.people.add(message.user);
    collect(message, ids);
  }
  const [people, channels, groups] = await Promise.all([
    lookUp(ids.people, (user) => slack.personName(user)),
    lookUp(ids.channels, (channel) => slack.channelName(channel)),
    lookUp(ids.groups, (group) => slack.groupName(group)),
  ]);
  return {
    person: (user) => people.get(user) ?? null,
    channel: (channel) => channels.get(channel) ?? null,
    group: (group) => groups.get(group) ?? null,
  };
}

/** Wherever in a message: its text, blocks, attachments, and blocks in attachments. */
function collect(value: unknown, ids: Ids): void {
  if (typeof value === "string") {
    collectText(value, ids);
    return;
  }
  if (typeof value !== "object" || value === null) return;
  if (v.is(userSchema, value)) ids.people.add(value.user_id);
  if (v.is(channelSchema, value)) ids.channels.add(value.channel_id);
  if (v.is(groupSchema, value)) ids.groups.add(value.usergroup_id);
  for (const inner of Object.values(value)) collect(inner, ids);
}

function collectText(text: string, ids: Ids): void {
  if (!text.includes("<")) return;
  const named = namedIn(text);
  for (const id of named.people) ids.people.add(id);
  for (const id of named.channels) ids.channels.add(id);
  for (const id of named.groups) ids.groups.add(id);
}

async function lookUp(
  ids: ReadonlySet<string>,
  ask: (id: string) => Promise<string | null>,
): Promise<ReadonlyMap<string, string | null>> {
  return new Map(await Promise.all([...ids].map(async (id): Promise<[string, string | null]> => [id, await ask(id)])));
}
