import { readFile } from "node:fs/promises";
import type { App } from "@slack/bolt";
import * as v from "valibot";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { SCOPE_NAMES } from "../src/installations/scopes.ts";
import { registerListeners } from "../src/listeners/index.ts";
import type { MirrorParts } from "../src/mirror/start-mirror.ts";
import { ENDPOINT, REDIRECT_PATH } from "../src/receiver.ts";

/** The Slack app that the manifest creates is the one that the code listens as. */

const named = v.object({ callback_id: v.string() });
const manifestSchema = v.object({
  display_information: v.object({ description: v.pipe(v.string(), v.maxLength(140)) }),
  features: v.object({
    app_home: v.optional(v.object({ home_tab_enabled: v.boolean(), messages_tab_enabled: v.boolean() })),
    slash_commands: v.array(v.object({ command: v.string(), usage_hint: v.string() })),
    shortcuts: v.optional(v.array(named), []),
    unfurl_domains: v.pipe(v.array(v.string()), v.minLength(1)),
  }),
  oauth_config: v.object({ scopes: v.object({ bot: v.array(v.string()) }) }),
  settings: v.object({
    event_subscriptions: v.object({ bot_events: v.array(v.string()) }),
    interactivity: v.object({ is_enabled: v.literal(true) }),
  }),
});

const file = async (path: string) => readFile(new URL(path, import.meta.url), "utf8");
const manifest = v.parse(manifestSchema, parse(await file("../manifest.yaml")));
const listening = listenedTo();

/** What the listeners are registered for. */
function listenedTo() {
  const heard = { command: [] as string[], event: [] as string[], shortcut: [] as string[] };
  const app = {
    command: (name: string) => heard.command.push(name),
    event: (name: string) => heard.event.push(name),
    shortcut: ({ callback_id }: { callback_id: string }) => heard.shortcut.push(callback_id),
    action: () => undefined,
    view: () => undefined,
  };
  const nothing = () => expect.fail("No listener runs while it is registered.");
  const mirrors = {} as MirrorParts; // Nobody looks at it before something happens.
  registerListeners(app as unknown as App, { workspaceOf: nothing, onRemoved: nothing, onRevoked: nothing, mirrors }); // All that it is asked for.
  return heard;
}

/** Message events are one listener, and one subscription for each kind of conversation. */
function subscribed(events: readonly string[]): string[] {
  return [...new Set(events.map((event) => (event.startsWith("message.") ? "message" : event)))];
}

test("subscribes to the events that the code handles, and to no others", () => {
  const { bot_events } = manifest.settings.event_subscriptions;
  expect(subscribed(bot_events).toSorted()).toEqual([...new Set(listening.event)].toSorted());
});

test("takes Slack to the bot's own addresses, once the lines for HTTP are uncommented as the docs say", async () => {
  const text = await file("../manifest.yaml");
  const http = text.replaceAll(/^( *)# (?=url:|request_url:|redirect_urls:| {2}- https:)/gmu, "$1");
  expect(text.split("\n").filter((line, at) => line !== http.split("\n")[at])).toHaveLength(5);
  const endpoint = `https://bot.example.org${ENDPOINT}`;
  expect(parse(http)).toMatchObject({
    features: { slash_commands: [{ url: endpoint }] },
    oauth_config: { redirect_urls: [`https://bot.example.org${REDIRECT_PATH}`] },
    settings: { event_subscriptions: { request_url: endpoint }, interactivity: { request_url: endpoint } },
  });
});

test("has the commands and shortcuts that the code handles", () => {
  expect(manifest.features.slash_commands.map(({ command }) => command)).toEqual(listening.command);
  expect(manifest.features.shortcuts.map(({ callback_id }) => callback_id).toSorted()).toEqual(
    listening.shortcut.toSorted(),
  );
});

test("asks for the scopes that installations ask for, and the docs explain each", async () => {
  const { bot } = manifest.oauth_config.scopes;
  expect(bot).toEqual(SCOPE_NAMES);
  const docs = await file("../../docs/slack.md");
  for (const scope of bot) expect(docs, scope).toContain(`\`${scope}\``);
});
