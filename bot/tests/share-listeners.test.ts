import { ClientError } from "@openmates-share/client";
import { expect, test } from "vitest";
import { blockProblems, viewProblems } from "../demo/block-rules.ts";
import { BotError } from "../src/errors.ts";
import { formChanged } from "../src/listeners/actions/form-changed.ts";
import { shareAgain } from "../src/listeners/actions/share-again.ts";
import { stopSharing } from "../src/listeners/actions/stop-sharing.ts";
import { shareCommand } from "../src/listeners/commands/share.ts";
import { shareThread } from "../src/listeners/shortcuts/share-thread.ts";
import { shareSubmitted } from "../src/listeners/views/share-submitted.ts";
import { PASSWORD_ACTION } from "../src/screens/field-names.ts";
import { emptyForm } from "../src/screens/share-form.ts";
import { fieldsIn, shareModal } from "../src/screens/share-modal.ts";
import {
  CHAT,
  type FakeOptions,
  fakeWorkspace,
  KEY,
  LINK,
  lastView,
  SERVER,
  SHARE_URL,
  shareOf,
  unreachable,
} from "./fake-workspace.ts";
import { listenerArgs } from "./listener-args.ts";

async function command(text: string, options: FakeOptions = {}) {
  const fake = fakeWorkspace(options);
  const call = listenerArgs({
    command: "/share",
    text,
    user_id: "U1",
    channel_id: "C1",
    channel_name: "general",
    response_url: "https://hooks.slack.invalid/1",
    trigger_id: "trigger",
  });
  return { ...fake, ...call, run: () => shareCommand(() => fake.workspace)(call.args) };
}

const FORM: Record<string, Record<string, object>> = {
  count: { count: { value: "20" } },
  title: { title: { value: "Tea" } },
  mode: { mode: { selected_option: { value: "read-only" } } },
  [PASSWORD_ACTION]: { [PASSWORD_ACTION]: { type: "plain_text_input", value: null } },
  preview: { preview: { selected_options: [] } },
  summary: { summary: { value: null } },
  category: { category: { selected_option: { value: "science" } } },
  audience: { audience: { selected_option: { value: "channel" } } },
};

function submission(values: typeof FORM, options: FakeOptions = {}) {
  const fake = fakeWorkspace(options);
  const call = listenerArgs({
    user: { id: "U1" },
    view: {
      id: "V1",
      private_metadata: JSON.stringify({ channel: "C1", responseUrl: "https://hooks.slack.invalid/1", thread: null }),
      state: { values: { ...FORM, ...values } },
    },
  });
  return { ...fake, ...call, run: () => shareSubmitted(() => fake.workspace)(call.args) };
}

function told(done: { slack: [string, unknown][] }, method: string): string[] {
  return done.slack.filter(([name]) => name === method).map(([, request]) => JSON.stringify(request));
}

test("/share opens a form that Slack accepts, with a title from the channel", async () => {
  const { run, done, acks } = await command("");
  await run();
  expect(acks).toEqual([undefined]);
  expect(done.slack.map(([method]) => method)).toEqual(["openView", "history", "updateView"]);
  const view = lastView(done);
  expect(viewProblems({ ...view })).toEqual([]);
  for (const words of ["#general, ", "What will be shared: 1 message", "*Ada* hello", "Everybody in <#C1> (3 members)"])
    expect(JSON.stringify(view)).toContain(words);
});

test.each([
  ["D1", "directmessage"],
  ["G1", "mpdm-ada--grace-1"],
])("in a conversation between people (%s) both ways of sharing say that they are not for it", async (id, name) => {
  const { workspace, done } = fakeWorkspace();
  const where = { channel_id: id, channel_name: name, response_url: "https://hooks.slack.invalid/1", trigger_id: "t" };
  await shareCommand(() => workspace)(listenerArgs({ command: "/share", text: "", user_id: "U1", ...where }).args);
  const channel = { id, name };
  const shortcut = { user: { id: "U1" }, channel, trigger_id: "t", response_url: where.response_url };
  await shareThread(() => workspace)(listenerArgs({ ...shortcut, message: { ts: "1.1" } }).args);
  expect(done.slack.map(([method]) => method)).toEqual(["respond", "respond"]);
  for (const answer of told(done, "respond")) expect(answer).toContain("I can't read direct messages");
});

test("/share tells its caller when the form cannot be opened any more", async () => {
  const gone = new BotError("view_gone", "That took too long.");
  const { run, done } = await command("", { failures: { openView: gone } });
  await run();
  expect(told(done, "respond")[0]).toContain("That took too long.");
});

test("a form whose messages cannot be read says so, and opens all the same", async () => {
  const { run, done } = await command("", {
    failures: { history: new BotError("not_in_channel", "Invite me first.") },
  });
  await run();
  expect(JSON.stringify(lastView(done))).toContain("Invite me first.");
});

test("in a thread, the message shortcut opens the form for the whole of it", async () => {
  const { workspace, done } = fakeWorkspace();
  const action = {
    type: "message_action",
    callback_id: "share_thread",
    user: { id: "U1" },
    channel: { id: "C1", name: "general" },
    trigger_id: "trigger",
    response_url: "https://hooks.slack.invalid/1",
    message: { ts: "1700000001.000100", thread_ts: "1700000000.000100" },
  };
  await shareThread(() => workspace)(listenerArgs(action).args);
  expect(done.slack.map(([method]) => method)).toEqual(["openView", "replies", "updateView"]);
  const view = lastView(done);
  expect(viewProblems({ ...view })).toEqual([]);
  expect(JSON.parse(view.private_metadata ?? "")).toMatchObject({ channel: "C1", thread: "1700000000.000100" });
  expect(JSON.stringify(view)).toContain("the whole thread");
});

test("changing the form shows who will be able to read it then, and forgets nothing that was typed", async () => {
  const { workspace, done } = fakeWorkspace();
  const state = {
    ...FORM,
    title: { title: { value: "Half a ti" } },
    audience: { audience: { selected_option: { value: "people" } } },
    people: { people: { selected_users: ["U2"] } },
    [PASSWORD_ACTION]: { [PASSWORD_ACTION]: { type: "plain_text_input", value: "correct horse" } },
  };
  const call = listenerArgs({
    user: { id: "U1" },
    view: {
      id: "V1",
      hash: "156.1",
      callback_id: "share_form",
      private_metadata: JSON.stringify({ channel: "C1", responseUrl: null, thread: null }),
      state: { values: state },
      blocks: BLOCKS,
    },
    actions: [{ action_id: "audience" }],
  });
  await formChanged(() => workspace)(call.args);
  const updates = done.slack.filter(([method]) => method === "updateView").map(([, request]) => request);
  // Who gets it is asked for at once, and what that means is shown as soon as it is known.
  expect(updates).toMatchObject([
    { id: "V1", hash: "156.1" },
    { id: "V1", hash: "2.1" },
  ]);
  expect(JSON.stringify(updates[0])).toContain('"block_id":"people"');
  const view = lastView(done);
  expect(viewProblems({ ...view })).toEqual([]);
  for (const words of ["Half a ti", "You and <@U2>, and whoever they pass the link on to, if they know the password"])
    expect(JSON.stringify(view)).toContain(words);
  expect(JSON.stringify(done.slack)).not.toContain("correct horse");
});

const BLOCKS = shareModal({
  form: emptyForm({ title: "Tea", thread: false }),
  origin: { channel: "C1", responseUrl: null, thread: null },
  passwordWanted: true,
}).blocks;

test("the form asks for what the choices need and nothing else, and goes on asking for a password that was lost", async () => {
  const { workspace, done } = fakeWorkspace();
  const change = async (values: object, blocks: readonly object[]) => {
    done.slack.length = 0;
    const origin = JSON.stringify({ channel: "C1", responseUrl: null, thread: null });
    const view = { id: "V1", hash: "1.1", callback_id: "share_form", private_metadata: origin, blocks };
    const body = { user: { id: "U1" }, view: { ...view, state: { values: { ...FORM, ...values } } }, actions: [{}] };
    await formChanged(() => workspace)(listenerArgs(body).args);
    const shown = lastView(done);
    expect(viewProblems({ ...shown })).toEqual([]);
    return { blocks: shown.blocks, fields: fieldsIn(shown.blocks) };
  };
  const shortest = ["which", "count", "take", "title", "audience", "mode", PASSWORD_ACTION, "expiry", "preview"];
  expect(fieldsIn(BLOCKS)).toEqual(shortest);
  const since = { which: { which: { selected_option: { value: "since" } } } };
  const one = await change({ ...since, count: undefined }, BLOCKS);
  expect(one.fields).toEqual(shortest.map((name) => (name === "count" ? "since" : name)));
  const preview = { preview: { preview: { selected_options: [{ value: "show" }] } } };
  const two = await change(preview, one.blocks);
  expect(two.fields).toEqual([...shortest, "summary", "category"]);
  expect(two.blocks.find((block) => block.block_id === PASSWORD_ACTION)).toMatchObject({ optional: false });
  // Nothing comes or goes: one update is enough.
  await change(preview, two.blocks);
  expect(done.slack.filter(([method]) => method === "updateView")).toMatchObject([["updateView", { hash: "1.1" }]]);
});

test("a form that was sent before a field came says what is needed where it was chosen", async () => {
  const { which, audience } = { which: "since", audience: "people" };
  const { run, acks } = submission({
    which: { which: { selected_option: { value: which } } },
    audience: { audience: { selected_option: { value: audience } } },
  });
  await run();
  expect(acks).toMatchObject([{ response_action: "errors", errors: { which: "Please give a time in the past." } }]);
});

test.each([
  ["help", "/share stop"],
  ["HELP", "/share stop"],
  ["list", "You have not shared anything"],
  ["what is this", "I did not understand"],
  ["stop", "I did not understand"],
  ["stop https://elsewhere.example/a#b", "I did not understand"],
  [`stop ${SHARE_URL}`, "You have not shared this from Slack"],
  ["https://elsewhere.example/share/chat/AAAAAAAAAAAAAAAAAAAAAA#key=x", "leads somewhere else"],
  [`${SERVER}/share/chat/${CHAT}`, "has lost its key"],
])("/share %s answers its caller alone", async (text, answer) => {
  const { run, done } = await command(text);
  await run();
  expect(done.slack.map(([method]) => method)).toEqual(["respond"]);
  expect(told(done, "respond")[0]).toContain(answer);
});

test.each([SHARE_URL, `<${SHARE_URL}>`, `<${SHARE_URL}|our tea>`, `${SERVER}/#chat-id=${CHAT}&amp;key=${KEY}`])(
  "/share with a link posts a card with it: %#",
  async (link) => {
    const { run, done, log } = await command(link);
    await run();
    expect(done.slack.map(([method]) => method)).toEqual(["post"]);
    const request = done.slack[0]?.[1] as { channel: string; card: { text: string } };
    expect(request.channel).toBe("C1");
    expect(request.card.text).toContain(`key=${KEY}`);
    expect(log.join()).not.toContain(KEY);
  },
);

test("who posts a card of their own share is told who holds its key now, and what can be done", async () => {
  const { run, done, workspace } = await command(SHARE_URL);
  await workspace.shares.add(shareOf());
  await run();
  expect(done.slack.map(([method]) => method)).toEqual(["post", "respond"]);
  expect(told(done, "respond")[0]).toContain("rekey_apart");
  expect(JSON.stringify(done.slack)).toContain("Stop sharing");
});

test("a link that opens nothing is not posted", async () => {
  const facts = () => {
    throw new ClientError("not_found", "There is no such chat.");
  };
  const { run, done } = await command(SHARE_URL, { facts });
  await run();
  expect(done.slack.map(([method]) => method)).toEqual(["respond"]);
  expect(told(done, "respond")[0]).toContain("opens nothing");
});

test("a card that cannot be posted is answered with the reason", async () => {
  const refused = new BotError("not_in_channel", "I am not in this conversation.");
  const { run, done, log } = await command(SHARE_URL, { failures: { post: refused } });
  await run();
  expect(told(done, "respond")[0]).toContain("I am not in this conversation.");
  expect(log.join()).not.toContain(KEY);
});

test("an answer that is too late for the command goes into the channel, for its caller alone", async () => {
  const { run, done } = await command("help", { failures: { respond: new BotError("view_gone", "late") } });
  await run();
  expect(done.slack.map(([method]) => method)).toEqual(["respond", "whisper"]);
});

test("the form is acknowledged before anything else happens, and becomes the result", async () => {
  const { run, done, acks, workspace } = submission({});
  await run();
  expect(acks).toMatchObject([{ response_action: "update" }]);
  expect(done.shared).toMatchObject([
    { conversation: { title: "Tea" }, options: { mode: "read-only", password: null, preview: null, name: "Ada" } },
  ]);
  expect(told(done, "post")[0]).toContain(SHARE_URL);
  expect(JSON.stringify(lastView(done))).toContain("1 message is shared");
  expect(await workspace.shares.ofUser({ team: "T1", user: "U1", limit: 9 })).toMatchObject([
    { chat: CHAT, link: LINK, channel: "C1" },
  ]);
});

test("the link goes only to whoever asked, if so wished, and stays when the form is closed", async () => {
  const { run, done } = submission({ audience: { audience: { selected_option: { value: "me" } } } });
  await run();
  expect(told(done, "post")).toEqual([]);
  expect(told(done, "respond")[0]).toContain(SHARE_URL);
});

test("password and preview go along, and the password is nowhere else", async () => {
  const { run, done, log, acks } = submission({
    [PASSWORD_ACTION]: { [PASSWORD_ACTION]: { type: "plain_text_input", value: "correct horse" } },
    preview: { preview: { selected_options: [{ value: "show" }] } },
    summary: { summary: { value: "About tea" } },
  });
  await run();
  expect(done.shared[0]?.options).toMatchObject({
    password: "correct horse",
    preview: { title: "Tea", summary: "About tea", category: "science" },
  });
  expect(JSON.stringify([done.slack, acks, log])).not.toContain("correct horse");
});

test.each([
  [{ count: { count: { value: "0" } } }, "count"],
  [{ count: { count: { value: "1001" } } }, "count"],
  [
    {
      which: { which: { selected_option: { value: "since" } } },
      since: { since: { type: "datetimepicker", selected_date_time: null } },
    },
    "since",
  ],
  [
    {
      audience: { audience: { selected_option: { value: "people" } } },
      people: { people: { type: "multi_users_select", selected_users: [] } },
    },
    "people",
  ],
  [{ count: { count: { value: "2.5" } } }, "count"],
  [{ count: { count: { value: "" } } }, "count"],
  [{ title: { title: { value: "  " } } }, "title"],
  [{ title: { title: { value: "x".repeat(121) } } }, "title"],
  [{ summary: { summary: { value: "x".repeat(301) } } }, "summary"],
])("a field that makes no sense is said at the field: %j", async (values, field) => {
  const { run, done, acks } = submission(values);
  await run();
  expect(acks).toMatchObject([{ response_action: "errors", errors: { [field]: expect.any(String) } }]);
  expect(done.slack).toEqual([]);
});

test("when it fails, the form comes back as it was filled in, with the reason, and wants the password again", async () => {
  const { run, done, log } = submission(
    {
      count: { count: { value: "7" } },
      title: { title: { value: "Tea at four" } },
      mode: { mode: { selected_option: { value: "collaborative" } } },
      [PASSWORD_ACTION]: { [PASSWORD_ACTION]: { type: "plain_text_input", value: "correct horse" } },
    },
    { failures: { share: unreachable() } },
  );
  await run();
  const view = lastView(done);
  expect(viewProblems({ ...view })).toEqual([]);
  const text = JSON.stringify(view);
  for (const kept of ["Tea at four", '"initial_value":"7"', "The server cannot be reached", "type it again"])
    expect(text).toContain(kept);
  expect(text).toContain(
    '"initial_option":{"text":{"type":"plain_text","text":"read it and write in it"},"value":"collaborative"}',
  );
  const password = view.blocks.find((block) => "block_id" in block && block.block_id === PASSWORD_ACTION);
  expect(password).toMatchObject({ optional: false });
  expect(log.join()).toMatch(/Sharing failed: ClientError unreachable/u);
});

test("the key goes by direct message, and the card stands without it, if so wished", async () => {
  const { run, done } = submission({
    audience: { audience: { selected_option: { value: "apart" } } },
    people: { people: { selected_users: ["U2"] } },
  });
  await run();
  const posts = done.slack.filter(([method]) => method === "post").map(([, request]) => request as { channel: string });
  expect(posts.map(({ channel }) => channel)).toEqual(["C1", "U1", "U2"]);
  const [card, ...keys] = posts.map((post) => JSON.stringify(post));
  expect(card).not.toContain(KEY);
  expect(card).toContain(`${SERVER}/share/chat/${CHAT}`);
  for (const key of keys) expect(key).toContain(SHARE_URL);
});

test("files that Slack does not hand over are named, and the rest is shared", async () => {
  const files = [{ id: "F1", name: "big.zip", url_private: "https://files.slack.com/big.zip" }];
  const { run, done } = submission(
    { take: { take: { selected_options: [{ value: "files" }] } } },
    {
      messages: [{ ts: "1700000000.000100", user: "U1", text: "see", files }],
      failures: { download: new BotError("too_large", "A file is larger than 25 MB.") },
    },
  );
  await run();
  const [shared] = done.shared;
  expect(await shared?.conversation.attachment?.("F1")).toBeNull();
  expect(shared?.conversation.messages).toHaveLength(1);
});

test("the link ends by itself when it was given an end", async () => {
  const { run, done } = submission({ expiry: { expiry: { selected_option: { value: "day" } } } });
  const before = Date.now();
  await run();
  const lifetime = (done.shared[0]?.options.expiresAt ?? 0) - before;
  expect(lifetime).toBeGreaterThanOrEqual(86_400_000);
  expect(lifetime).toBeLessThan(86_460_000);
});

test("when the form was closed meanwhile, the failure is offered again, and opens as it was", async () => {
  const { run, done } = submission(
    {},
    { failures: { share: unreachable(), updateView: new BotError("view_gone", "gone") } },
  );
  await run();
  expect(told(done, "respond")[0]).toContain("Nothing was shared. The server cannot be reached.");
  const [, answer] = done.slack.findLast(([method]) => method === "respond") ?? expect.fail("Nothing was answered.");
  const { card } = answer as { card: { blocks: [object, { elements: [{ value: string }] }] } };
  expect(blockProblems(card.blocks)).toEqual([]);
  const [, { elements }] = card.blocks;
  const again = fakeWorkspace();
  const click = {
    user: { id: "U1" },
    channel: { id: "C1" },
    response_url: "https://hooks.slack.invalid/2",
    trigger_id: "t",
    actions: [{ action_id: "share_again", value: elements[0].value }],
  };
  await shareAgain(() => again.workspace)(listenerArgs(click).args);
  expect(JSON.stringify(lastView(again.done))).toContain('"initial_value":"Tea"');
});

test("a channel that the bot is not in is explained, and nothing is shared", async () => {
  const { run, done } = submission({}, { failures: { history: new BotError("not_in_channel", "Invite me first.") } });
  await run();
  expect(done.shared).toEqual([]);
  expect(JSON.stringify(lastView(done))).toContain("Invite me first.");
});

test("an error of unknown origin is not quoted, neither to the person nor in the log", async () => {
  const { run, done, log } = submission({}, { failures: { share: new Error(`cannot parse "${SHARE_URL}"`) } });
  await run();
  expect(JSON.stringify(lastView(done))).toContain("Something went wrong on our side.");
  expect(JSON.stringify([done.slack, log])).not.toContain(KEY);
});

test("a card that the channel does not take leaves the link with whoever shared", async () => {
  const { run, done } = submission(
    {},
    { failures: { post: new BotError("slack_failed", "This channel is archived.") } },
  );
  await run();
  const answer = told(done, "respond")[0];
  expect(answer).toContain(SHARE_URL);
  expect(answer).toContain("This channel is archived.");
});

test("/share stop and the button end what one has shared, and nothing of others", async () => {
  const { workspace, done } = fakeWorkspace();
  await workspace.shares.add(shareOf({ user: "U2" }));
  const click = (user: string) => ({
    user: { id: user },
    channel: { id: "C1" },
    response_url: "https://hooks.slack.invalid/1",
    actions: [{ value: CHAT }],
  });
  await stopSharing(() => workspace)(listenerArgs(click("U1")).args);
  expect(done.revoked).toEqual([]);
  expect(told(done, "respond").at(-1)).toContain("You have not shared this");
  await stopSharing(() => workspace)(listenerArgs(click("U2")).args);
  expect(done.revoked).toEqual([[CHAT, LINK]]);
  expect(await workspace.shares.ofUser({ team: "T1", user: "U2", limit: 9 })).toEqual([]);
});
