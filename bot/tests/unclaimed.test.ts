import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type PreviewServer, startPreviewServer } from "./preview-server.ts";
import { type RunningBot, startWithSlack } from "./running-bot.ts";

/**
 * Payloads in the shapes that Slack documents and sends, of other apps, of older versions of this one, and of sorts that it
 * never asked for: each is acknowledged at once, and handled, passed over or answered in words.
 */

/** Slack gives up after so long, as does Bolt with a 404. */
const AT_ONCE_MS = 3000;

let server: PreviewServer;
let running: RunningBot;

beforeAll(async () => {
  server = await startPreviewServer();
  running = await startWithSlack({ serverUrl: server.url });
});
afterAll(async () => {
  await running?.stop();
  await server?.stop();
});
beforeEach(() => {
  running.slack.whispers.length = 0;
});

type Json = Readonly<Record<string, unknown>>;

const TEAM = { id: "T111", domain: "elsewhere" };
const USER = { id: "U111", username: "someone", name: "someone", team_id: "T111" };
const VIEW = { id: "V111", team_id: "T111", callback_id: "request-modal", private_metadata: "", state: { values: {} } };

const form = (fields: Record<string, string>) => ({
  body: new URLSearchParams(fields).toString(),
  type: "application/x-www-form-urlencoded",
});
const interaction = (payload: Json) =>
  form({ payload: JSON.stringify({ token: "unused", team: TEAM, user: USER, api_app_id: "A111", ...payload }) });
const event = (inner: Json, outer: Json = {}) => ({
  body: JSON.stringify({
    token: "unused",
    team_id: "T111",
    api_app_id: "A111",
    event: inner,
    type: "event_callback",
    event_id: `Ev${inner.type}${JSON.stringify(outer).length}`,
    event_time: 1_614_847_360,
    ...outer,
  }),
  type: "application/json",
});
const button = (rest: Json = {}) =>
  interaction({
    type: "block_actions",
    trigger_id: "1.2.3",
    container: { type: "message", message_ts: "1.1", channel_id: "C1" },
    channel: { id: "C1", name: "general" },
    actions: [{ action_id: "home_button_1", block_id: "b", type: "button", value: "create_task", action_ts: "1.1" }],
    ...rest,
  });

async function deliver(request: { body: string; type: string }) {
  const answer = await running.slack.deliver(request);
  await running.bot.idle();
  expect(answer.status).toBe(200);
  expect(answer.milliseconds).toBeLessThan(AT_ONCE_MS);
  return answer.body;
}

describe("a request that no listener is for", () => {
  test("is answered in words where it was made, and named in the log by its kind alone", async () => {
    await deliver(button({ response_url: running.slack.answerUrl("ada") }));
    expect(running.slack.whispers).toMatchObject([{ person: "ada", text: expect.stringContaining("/share help") }]);
    expect(running.log).toContain("bot warn Nobody took this (unclaimed_block_actions).");
    expect(running.log.join()).not.toContain("home_button_1");
  });

  test("is answered with the acknowledgement of a command, a form or a list of options", async () => {
    const command = { command: "/weather", text: "94070", team_id: "T111", channel_id: "C1", user_id: "U111" };
    const answer = JSON.parse(
      await deliver(form({ ...command, response_url: "http://127.0.0.1:1/", trigger_id: "1" })),
    );
    expect(answer).toEqual({ response_type: "ephemeral", text: expect.stringContaining("/share help") });
    const view = JSON.parse(await deliver(interaction({ type: "view_submission", trigger_id: "1", view: VIEW })));
    expect(view).toMatchObject({ response_action: "update", view: { type: "modal", close: { text: "Close" } } });
    const options = { type: "block_suggestion", action_id: "x", block_id: "b", value: "te", view: VIEW };
    expect(JSON.parse(await deliver(interaction(options)))).toEqual({ options: [] });
  });

  test("that cannot be answered any more is acknowledged all the same", async () => {
    await deliver(button({ response_url: "http://127.0.0.1:1/gone" }));
  });

  test("is not taken for one when a listener acknowledged it", async () => {
    running.slack.calls.length = 0;
    const before = running.log.length;
    await deliver(button({ actions: [{ action_id: "open_link", type: "button", action_ts: "1.1" }] }));
    expect(running.log.slice(before).join()).not.toContain("unclaimed");
    expect(running.slack.whispers).toEqual([]);
  });

  test("and one whose listener failed before it acknowledged is answered as well", async () => {
    const damaged = {
      ...VIEW,
      callback_id: "share_form",
      private_metadata: "not ours",
      state: { values: SHARE_VALUES },
    };
    const answer = JSON.parse(await deliver(interaction({ type: "view_submission", trigger_id: "1", view: damaged })));
    expect(answer).toMatchObject({ response_action: "update" });
  });
});

const chosen = (name: string, value: string) => ({ [name]: { [name]: { selected_option: { value } } } });
const SHARE_VALUES = {
  count: { count: { value: "1" } },
  title: { title: { value: "Tea" } },
  ...chosen("mode", "read-only"),
  ...chosen("audience", "me"),
};

const SHAPES: readonly (readonly [string, () => { body: string; type: string }])[] = [
  ["a click on the Home tab of another version", () => button({ channel: undefined, view: { ...VIEW, type: "home" } })],
  ["a click with nothing where a channel would be", () => button({ channel: null, view: { ...VIEW, type: "home" } })],
  [
    "a click in a message of the old kind",
    () => interaction({ type: "interactive_message", actions: [{ name: "x" }], callback_id: "x" }),
  ],
  ["a dialog of the old kind", () => interaction({ type: "dialog_submission", callback_id: "x", submission: {} })],
  [
    "options of the old kind",
    () => interaction({ type: "dialog_suggestion", name: "x", value: "y", callback_id: "z" }),
  ],
  [
    "a message shortcut of another app",
    () =>
      interaction({
        type: "message_action",
        callback_id: "x",
        trigger_id: "1",
        channel: { id: "C1" },
        message: { ts: "1.1", text: "<@U2> test" },
      }),
  ],
  ["a global shortcut", () => interaction({ type: "shortcut", callback_id: "x", trigger_id: "1", action_ts: "1.1" })],
  ["a form that was closed", () => interaction({ type: "view_closed", view: VIEW, is_cleared: false })],
  ["a step of a workflow", () => interaction({ type: "workflow_step_edit", callback_id: "x", workflow_step: {} })],
  [
    "an interaction in an organisation",
    () => button({ team: null, enterprise: { id: "E111", name: "Acme" }, is_enterprise_install: true }),
  ],
  [
    "a command in an organisation",
    () =>
      form({
        command: "/share",
        text: "help",
        team_id: "T111",
        enterprise_id: "E111",
        enterprise_name: "Acme Inc",
        is_enterprise_install: "true",
        channel_id: "C1",
        user_id: "W111",
        response_url: "http://127.0.0.1:1/",
        trigger_id: "1",
        api_app_id: "A111",
      }),
  ],
  [
    "a mention by an app, with time stamps without a point",
    () =>
      event({
        type: "app_mention",
        subtype: "bot_message",
        user: "U111",
        text: "<@U0> hello",
        ts: "1515449522.000016",
        channel: "C1",
        thread_ts: "1515449522000019",
        event_ts: "1515449522000016",
      }),
  ],
  [
    "a mention in a file's comment",
    () => event({ type: "app_mention", user: "U111", text: "", ts: "1.1", channel: { id: "C1" } }),
  ],
  [
    "links in a draft, of several hosts",
    () =>
      event({
        type: "link_shared",
        channel: "COMPOSER",
        is_bot_user_member: true,
        user: "U111",
        message_ts: "U111-909b5454-75f8",
        unfurl_id: "U111-909b5454-75f8",
        source: "composer",
        links: [
          { domain: "example.com", url: "https://example.com/12345" },
          { domain: "another-example.com", url: "https://yet.another-example.com/v/abcde" },
        ],
      }),
  ],
  [
    "links in a thread, without an id for the unfurl",
    () =>
      event({
        type: "link_shared",
        channel: "C1",
        user: "U111",
        message_ts: "123456789.9875",
        thread_ts: "123456621.1855",
        links: [{ domain: "example.com", url: "https://example.com/12345" }],
      }),
  ],
  [
    "links of a kind that is still to come",
    () =>
      event({
        type: "link_shared",
        channel: "C1",
        user: "U111",
        message_ts: "1.1",
        unfurl_id: "x",
        source: "canvas",
        links: [],
      }),
  ],
  [
    "a message of a Slack Connect channel",
    () =>
      event(
        {
          type: "message",
          channel: "C1",
          user: "U9",
          user_team: "T9",
          source_team: "T9",
          text: "hi",
          ts: "1.1",
          channel_type: "channel",
        },
        {
          is_ext_shared_channel: true,
          context_team_id: "T111",
          authorizations: [
            { enterprise_id: "E1", team_id: "T111", user_id: "U0", is_bot: true, is_enterprise_install: false },
          ],
        },
      ),
  ],
  [
    "a message that was deleted",
    () =>
      event({ type: "message", subtype: "message_deleted", channel: "C1", deleted_ts: "1.1", ts: "1.2", hidden: true }),
  ],
  [
    "a reaction to a file",
    () =>
      event({
        type: "reaction_added",
        user: "U111",
        reaction: "tada",
        item: { type: "file", file: "F1" },
        event_ts: "1.1",
      }),
  ],
  [
    "an event that was never subscribed to",
    () => event({ type: "channel_rename", channel: { id: "C1", name: "new", created: 1 } }),
  ],
  ["an event without an id", () => event({ type: "team_join", user: { id: "U2" } }, { event_id: undefined })],
  ["tokens of people that were revoked", () => event({ type: "tokens_revoked", tokens: { oauth: ["U111"], bot: [] } })],
  [
    "an unknown sort of request",
    () => ({ body: JSON.stringify({ type: "hologram", team_id: "T111" }), type: "application/json" }),
  ],
];

test.each(SHAPES)("%s is acknowledged at once, and breaks nothing", async (_, request) => {
  await deliver(request());
  expect(
    await deliver(
      form({
        command: "/share",
        text: "help",
        team_id: "T111",
        channel_id: "C1",
        user_id: "U1",
        trigger_id: "1",
        response_url: running.slack.answerUrl("ada"),
      }),
    ),
  ).toBe("");
  expect(running.slack.whispers.at(-1)?.text).toContain("/share list");
});
