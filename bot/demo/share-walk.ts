import { memoryStore, messageText, ShareClient } from "@openmates-share/client";
import type { Delivery } from "./app-line.ts";
import type { Json } from "./json.ts";
import type { ShownMessage, SlackStub } from "./slack-stub.ts";
import type { OpenView } from "./web-api.ts";

/** Slack gives up on an app that answers later. */
const SLACK_WAITS_MS = 3000;

/** What people say in the channel before anybody shares it. */
const CONVERSATION = [
  { person: "ada", text: "The build is red again, and it is *only* red on Fridays :thinking_face:" },
  { person: "grace", text: "Time zones? `new Date().getDay()` is local, our cron is UTC." },
  { person: "ada", text: "That would be too silly. Let me look…" },
  { person: "ada", text: "```expected: 5\nreceived: 6```\nIt *is* that silly." },
  {
    person: "grace",
    text: "There is a nice page about it: <https://en.wikipedia.org/wiki/Coordinated_Universal_Time|UTC>",
  },
  { person: "ada", text: "Fixed. We should keep this for the next person." },
] as const;

export const PEOPLE = [
  { name: "ada", realName: "Ada Lovelace" },
  { name: "grace", realName: "Grace Hopper" },
] as const;
export const CHANNELS = [{ name: "general" }, { name: "random" }] as const;
const TITLE = "Why the build is red on Fridays";

/**
 * Uses the app as people do: shares a channel with `/share`, opens the link with its key, pastes it into another
 * channel, lists what was shared. Tells each step as it happens.
 *
 * @returns the share link
 * @throws Error as soon as something is not as it should be
 */
export async function shareWalk(
  slack: SlackStub,
  options: { server: string; tell: (line: string) => void },
): Promise<string> {
  const { server, tell } = options;
  // In the emulator nobody is in a channel who did not join it.
  for (const { name: person } of PEOPLE)
    for (const { name } of CHANNELS)
      await slack.workspace.as(person, "conversations.join", { channel: slack.channel(name) });
  for (const { person, text } of CONVERSATION) {
    await slack.say({ person, channel: "general", text });
    tell(`#general  ${person}: ${text.replaceAll("\n", "\n                ")}`);
  }
  const view = await openForm(slack, tell);
  const link = await submitForm(slack, { view, tell });
  await readShared(link, { server, tell });
  await pasteLink(slack, { link, tell });
  await updateShare(slack, { link, tell });
  await listShares(slack, tell);
  return link;
}

async function openForm(slack: SlackStub, tell: (line: string) => void): Promise<OpenView> {
  tell("\nada types /share in #general");
  requireQuick(await slack.command({ person: "ada", channel: "general", text: "" }), tell);
  const view = await slack.until("the form", () => [...slack.views.values()][0]);
  tell(`  a form opens: ${labelsOf(view.view).join(" · ")}`);
  return view;
}

async function submitForm(
  slack: SlackStub,
  { view, tell }: { view: OpenView; tell: (line: string) => void },
): Promise<string> {
  tell("  she ticks that title, summary and category are for everybody");
  const values = {
    count: { value: String(CONVERSATION.length) },
    title: { value: TITLE },
    preview: { selected_options: [{ value: "show" }] },
    summary: { value: "A cron job, a time zone and an off-by-one." },
    category: { selected_option: { value: "software_development" } },
  };
  requireQuick(await slack.changeForm({ view, values: { preview: values.preview } }), tell);
  const asking = await slack.until("the fields of a preview", () => {
    const now = slack.views.get(view.id);
    return now && labelsOf(now.view).includes("Summary") ? now : undefined;
  });
  tell(`  the form asks for what a preview needs: ${labelsOf(asking.view).slice(-2).join(" · ")}`);
  tell(`  she takes the last ${CONVERSATION.length}, calls it “${TITLE}”, presses Share`);
  requireQuick(await slack.submit({ view: asking, values }), tell);
  await slack.until("the card", () => called(slack, "chat.postMessage"));
  const card = (await slack.channelShown("general")).at(-1);
  const link = linkOf(card);
  tell(`\n#general  OpenMates Share:\n${slack.readable(blockLines(card?.blocks))}\n    ${link}`);
  await slack.until("the result in the form", () => {
    const shown = JSON.stringify(slack.views.get(view.id)?.view ?? {});
    return shown.includes("messages are shared") ? shown : undefined;
  });
  tell("  her form shows the link and says that Slack holds its key now");
  return link;
}

/** As the person does who follows the link: with the key, in a client of their own. */
async function readShared(
  link: string,
  { server, tell }: { server: string; tell: (line: string) => void },
): Promise<void> {
  const client = new ShareClient({ server, store: memoryStore() });
  try {
    const room = await client.open(link, { live: false });
    const { messages, title, integrity } = await room.whenComplete();
    if (integrity.state !== "sealed") throw new Error("What the server gave is not what was shared.");
    if (title !== TITLE || messages.loaded.length !== CONVERSATION.length) {
      throw new Error(`The link shows ${messages.loaded.length} messages of ${CONVERSATION.length}.`);
    }
    tell(`\nthe link opens with its key: “${title}”, ${messages.loaded.length} messages, complete and unaltered`);
    for (const { body } of messages.loaded) {
      if (body.type === "content" && body.content.type === "message") {
        tell(`    ${body.content.name}: ${messageText(body.content).trim().replaceAll("\n", "\n        ")}`);
      }
    }
    room.close();
  } finally {
    await client.close();
  }
}

async function pasteLink(
  slack: SlackStub,
  { link, tell }: { link: string; tell: (line: string) => void },
): Promise<void> {
  tell("\ngrace pastes the link into #random");
  const { delivery } = await slack.say({ person: "grace", channel: "random", text: `Worth reading: <${link}>` });
  if (!delivery) throw new Error("Slack found no link to unfurl.");
  requireQuick(delivery, tell);
  await slack.until("the unfurl", () => called(slack, "chat.unfurl"));
  const unfurl = (await slack.channelShown("random")).at(-1)?.unfurls.get(link);
  if (!JSON.stringify(unfurl ?? "").includes(TITLE)) throw new Error("The unfurl does not show the preview.");
  tell(`  it unfurls:\n${blockLines(unfurl)}`);
  const warning = await slack.until("the word on the key", () =>
    slack.whispers.find(({ person, text }) => person === "grace" && text.includes("key")),
  );
  tell(`  only she sees:\n${blockLines(warning.blocks)}`);
}

async function updateShare(
  slack: SlackStub,
  { link, tell }: { link: string; tell: (line: string) => void },
): Promise<void> {
  const more = "And a test that runs on all seven days.";
  await slack.say({ person: "grace", channel: "general", text: more });
  tell(`\n#general  grace: ${more}\nada types /share update ${new URL(link).origin}/share/chat/…`);
  requireQuick(await slack.command({ person: "ada", channel: "general", text: `update ${link}` }), tell);
  await slack.until("the update", () => slack.whispers.find(({ text }) => text.startsWith("Updated")));
  const unfurl = JSON.stringify((await slack.channelShown("random")).at(-1)?.unfurls.get(link) ?? "");
  if (!unfurl.includes(`${CONVERSATION.length + 1} messages`)) throw new Error("The card was not updated.");
  tell(`  the same link shows it, and the cards in #general and #random say ${CONVERSATION.length + 1} messages now`);
}

async function listShares(slack: SlackStub, tell: (line: string) => void): Promise<void> {
  tell("\nada types /share list");
  requireQuick(await slack.command({ person: "ada", channel: "general", text: "list" }), tell);
  const list = await slack.until("the list", () => slack.whispers.find(({ text }) => text.startsWith("What you have")));
  tell(`  only she sees:\n${slack.readable(blockLines(list.blocks))}`);
}

function requireQuick({ status, milliseconds }: Delivery, tell: (line: string) => void): void {
  if (status !== 200) throw new Error(`The app answered Slack with ${status}.`);
  if (milliseconds > SLACK_WAITS_MS) throw new Error(`The app let Slack wait for ${Math.round(milliseconds)} ms.`);
  tell(`  the app acknowledges within ${Math.max(1, Math.round(milliseconds))} ms`);
}

function called(slack: SlackStub, method: string): true | undefined {
  const call = slack.calls.findLast((one) => one.method === method);
  if (call && !call.answer.ok) throw new Error(`Slack refused ${method}: ${call.answer.error}`);
  return call ? true : undefined;
}

/** The address behind the card's button. */
function linkOf(card: ShownMessage | undefined): string {
  const buttons = (card?.blocks ?? []).flatMap((block) => (block.elements ?? []) as Json[]);
  const url = buttons.map((button) => button.url).find((value) => typeof value === "string");
  if (typeof url !== "string") throw new Error("The card has no link.");
  return url;
}

function labelsOf(view: Json): string[] {
  const blocks = view.blocks as readonly Json[]; // Every modal has them.
  return blocks.filter(({ type }) => type === "input").map(({ label }) => textOf(label));
}

/** Blocks as lines of a terminal. */
function blockLines(blocks: readonly Json[] = []): string {
  const lines = blocks.flatMap((block) => {
    const texts = [block.text, block.accessory, ...((block.elements ?? []) as unknown[])].map(textOf);
    return texts.filter(Boolean).flatMap((text) => text.split("\n"));
  });
  return lines.map((line) => `    │ ${line}`).join("\n");
}

/** A text object's text, or a button's. */
function textOf(value: unknown): string {
  if (typeof value !== "object" || value === null || !("text" in value)) return "";
  if (typeof value.text === "string") return value.text;
  return "type" in value && value.type === "button" ? `[ ${textOf(value.text)} ]` : textOf(value.text);
}
