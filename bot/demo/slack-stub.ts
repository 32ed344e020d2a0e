import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { AppLine, type AppRequest, type Delivery } from "./app-line.ts";
import type { Fault } from "./fault-desk.ts";
import { isJson, type Json } from "./json.ts";
import { modalState } from "./modal-fields.ts";
import { BOT_TOKEN, type SlackWorkspace, startWorkspace, type WorkspaceOptions } from "./slack-workspace.ts";
import type { TokenDesk } from "./token-desk.ts";
import { Watch } from "./watch.ts";
import { APP_TOKEN, type ApiCall, type OpenView, WebApi, type Whisper } from "./web-api.ts";

const APP_ID = "A0OPENMATES";
/** What anything may take on a busy machine. */
const PATIENCE_MS = 60_000;

/** A message of a channel as everybody sees it, with its unfurls. */
export interface ShownMessage {
  readonly ts: string;
  readonly user: string;
  readonly text: string;
  readonly blocks: readonly Json[];
  /** By URL, as it stands in the message. */
  readonly unfurls: ReadonlyMap<string, readonly Json[]>;
}

/** Links that the app is to be told of. */
export interface SentLinks {
  readonly person: string;
  /** Null while the message is being written. */
  readonly channel: string | null;
  readonly ts: string;
  /** The first message of the thread that it is in. */
  readonly thread?: string;
  /** Slack's id of a conversation that has no name, instead of the channel's. */
  readonly conversation?: string;
  readonly urls: readonly string[];
  /** As Slack sent them before it had ids for unfurls. */
  readonly withoutId?: boolean;
}

export interface StubOptions extends WorkspaceOptions {
  /** Hosts whose links make Slack send `link_shared`. */
  readonly unfurlDomains: readonly string[];
}

/**
 * Slack as the app sees it: the emulator's Web API behind a front that adds what the emulator lacks. It sends signed
 * commands, form submissions, clicks and `link_shared` events, over HTTP or Socket Mode; it takes `chat.unfurl` and
 * answers to commands, closes modals, and refuses blocks that Slack would refuse.
 */
export class SlackStub {
  static async start(options: StubOptions): Promise<SlackStub> {
    const stub = new SlackStub({ domains: options.unfurlDomains, workspace: await startWorkspace(options) });
    await new Promise<void>((resolve) => stub.#server.listen(0, "127.0.0.1", resolve));
    return stub;
  }

  readonly botToken = BOT_TOKEN;
  /** For Socket Mode. */
  readonly appToken = APP_TOKEN;
  readonly workspace: SlackWorkspace;
  readonly #domains: readonly string[];
  readonly #watch = new Watch({ patience: PATIENCE_MS });
  readonly #line = new AppLine({ onConnected: () => this.#watch.changed() });
  readonly #api: WebApi;
  readonly #server = createServer((request, response) => {
    this.#api.serve(request, response).catch((error: unknown) => {
      response.writeHead(500).end(error instanceof Error ? error.message : "");
    });
  }).on("upgrade", (request, connection, head) => this.#line.upgrade(request, connection, head));

  private constructor({ domains, workspace }: { domains: readonly string[]; workspace: SlackWorkspace }) {
    this.#domains = domains;
    this.workspace = workspace;
    const changed = () => this.#watch.changed();
    this.#api = new WebApi({ workspace, origin: () => this.#origin, changed });
  }

  /** What the app asked of Slack, in order. */
  get calls(): ApiCall[] {
    return this.#api.calls;
  }

  /** What of the app's requests Slack would have refused for its shape; none, of an app as it should be. */
  get refused(): readonly string[] {
    return this.#api.refused;
  }

  /** Requests that are held up on their way. */
  get held(): number {
    return this.#api.held;
  }

  get views(): Map<string, OpenView> {
    return this.#api.views;
  }

  get whispers(): Whisper[] {
    return this.#api.whispers;
  }

  /** Who is let in. */
  get tokens(): TokenDesk {
    return this.#api.tokens;
  }

  /** For `SLACK_API_URL`. */
  get apiUrl(): string {
    return `${this.#origin}/api/`;
  }

  get signingSecret(): string {
    return this.#line.signingSecret;
  }

  /** Whether this Slack streams messages. */
  streamMessages(streams: boolean): void {
    this.#api.streams.open = streams;
  }

  /** Slack ends the messages that grow, for this reason. */
  endStreams(reason: string): void {
    this.#api.streams.end(reason);
  }

  /** From now on this goes wrong on Slack's side. */
  fail(fault: Fault): void {
    this.#api.faults.add(fault);
  }

  /** Nothing goes wrong any more. */
  mend(): void {
    this.#api.faults.clear();
  }

  /** Tells Slack where the app takes its requests, as its settings do. */
  connect(appUrl: string): void {
    this.#line.connect(appUrl);
  }

  /** Resolves when the app can be reached, also when it is the one who calls. */
  async whenConnected(): Promise<void> {
    await this.until("the app", () => this.#line.connected || undefined);
  }

  person(name: string): string {
    return known(this.workspace.people, name);
  }

  channel(name: string): string {
    return known(this.workspace.channels, name);
  }

  /** Somebody writes into a channel; share links of registered domains make Slack tell the app. */
  async say(message: { person: string; channel: string; text: string }) {
    const { person, channel, text } = message;
    const posted = await this.workspace.as(person, "chat.postMessage", { channel: this.channel(channel), text });
    const ts = String(posted.ts);
    const urls = this.#linksIn(text);
    const delivery = urls.length > 0 ? await this.sendLinks({ person, channel, ts, urls }) : null;
    return { ts, delivery };
  }

  /** Somebody answers in a thread. */
  async reply(message: { person: string; channel: string; thread: string; text: string }): Promise<string> {
    const { person, channel, thread, text } = message;
    const request = { channel: this.channel(channel), text, thread_ts: thread };
    return String((await this.workspace.as(person, "chat.postMessage", request)).ts);
  }

  /** Somebody puts a file into a channel, or into a thread of it. */
  async sendFile(file: { person: string; channel: string; thread?: string; name: string; bytes: Uint8Array }) {
    const { person, channel, thread, name, bytes } = file;
    const asked = { filename: name, length: bytes.length };
    const place = await this.workspace.as(person, "files.getUploadURLExternal", asked);
    await fetch(String(place.upload_url), { method: "POST", body: new Blob([new Uint8Array(bytes)]) });
    await this.workspace.as(person, "files.completeUploadExternal", {
      files: [{ id: place.file_id, title: name }],
      channel_id: this.channel(channel),
      ...(thread ? { thread_ts: thread } : {}),
    });
  }

  /** Somebody deletes a file, alone: the message that it came with stays. */
  async deleteFile({ person, file }: { person: string; file: string }): Promise<Delivery> {
    await this.workspace.as(person, "files.delete", { file });
    return this.sendEvent({ type: "file_deleted", file_id: file, event_ts: "1" });
  }

  /** `link_shared` for a message that is posted or being written. */
  sendLinks({ person, channel, ts, thread, conversation, urls, withoutId = false }: SentLinks): Promise<Delivery> {
    const place = conversation ?? (channel ? this.channel(channel) : null);
    const id = `${place ?? "draft"}.${ts}.${randomBytes(8).toString("hex")}`;
    const source = place ? "conversations_history" : "composer";
    const where = { channel: place ?? "COMPOSER", ts: place ? ts : id };
    this.#api.unfurls.expect({ id, source, urls, ...where });
    return this.sendEvent({
      type: "link_shared",
      channel: where.channel,
      is_bot_user_member: conversation === undefined,
      user: this.person(person),
      message_ts: where.ts,
      ...(thread ? { thread_ts: thread } : {}),
      ...(withoutId ? {} : { unfurl_id: id, source }),
      links: urls.map((url) => ({ url, domain: new URL(url).hostname })),
      event_ts: ts,
    });
  }

  /** @param over what stands otherwise around the event */
  sendEvent(event: Json, over: Json = {}): Promise<Delivery> {
    const team = this.workspace.teamId;
    const payload = {
      type: "event_callback",
      token: "unused",
      team_id: team,
      api_app_id: APP_ID,
      event,
      event_id: `Ev${randomBytes(5).toString("hex").toUpperCase()}`,
      event_time: Math.floor(Date.now() / 1000),
      authorizations: [{ enterprise_id: null, team_id: team, user_id: this.workspace.botUser, is_bot: true }],
      ...over,
    };
    return this.#deliverUntilTaken({ body: JSON.stringify(payload), type: "application/json" });
  }

  /** An event that the app does not take, Slack sends again, a few times; an app on a busy machine may take some. */
  async #deliverUntilTaken(request: AppRequest, tries = 8): Promise<Delivery> {
    const delivery = await this.deliver(request);
    return delivery.status === 200 || tries === 1 ? delivery : this.#deliverUntilTaken(request, tries - 1);
  }

  /** Somebody types a slash command. */
  async command(command: { person: string; channel: string; text: string }): Promise<Delivery> {
    const { person, channel, text } = command;
    const trigger = await this.#api.trigger(person);
    return this.#form({
      token: "unused",
      team_id: this.workspace.teamId,
      team_domain: "demo",
      channel_id: this.channel(channel),
      channel_name: channel,
      user_id: this.person(person),
      user_name: person,
      command: "/share",
      text: text.replaceAll("&", "&amp;"),
      response_url: this.#api.answerUrl(person),
      trigger_id: trigger,
      api_app_id: APP_ID,
    });
  }

  /** Somebody sends a modal with what they changed in it, by block id. What the app answers is carried out. */
  async submit(submission: { view: OpenView; values: Readonly<Record<string, Json>> }): Promise<Delivery> {
    const { view, values } = submission;
    const delivery = await this.#interaction(view.person, {
      type: "view_submission",
      trigger_id: "unused",
      response_urls: [],
      view: { ...view.view, state: modalState(view.view, values) },
    });
    const answer: unknown = delivery.body ? JSON.parse(delivery.body) : null;
    if (answer === null) this.views.delete(view.id);
    else if (isJson(answer) && isJson(answer.view)) await this.#api.replaceView(view, answer.view);
    this.#watch.changed();
    return delivery;
  }

  /** Somebody closes a modal; what the app sends to it from now on is too late. */
  close(view: OpenView): void {
    this.views.delete(view.id);
  }

  /** Somebody presses a button of a message; with `ts`, of that one. */
  async click(click: {
    person: string;
    channel: string;
    action: Json;
    ts?: string;
    thread?: string;
  }): Promise<Delivery> {
    const { person, channel, action, ts, thread } = click;
    return this.#interaction(person, {
      type: "block_actions",
      trigger_id: await this.#api.trigger(person),
      channel: { id: this.channel(channel), name: channel },
      container: { type: "message", ...(ts ? { message_ts: ts } : {}), ...(thread ? { thread_ts: thread } : {}) },
      response_url: this.#api.answerUrl(person),
      actions: [{ block_id: "b", type: "button", action_ts: "1", ...action }],
    });
  }

  /** Somebody presses a button on the app's Home tab. */
  async clickAtHome(click: { person: string; action: Json }): Promise<Delivery> {
    const { person, action } = click;
    return this.#interaction(person, {
      type: "block_actions",
      trigger_id: await this.#api.trigger(person),
      container: { type: "view" },
      view: { id: "VHOME", type: "home" },
      actions: [{ block_id: "b", type: "button", action_ts: "1", ...action }],
    });
  }

  /** Somebody chooses from a message's menu. */
  async messageShortcut(shortcut: {
    person: string;
    channel: string;
    callback: string;
    message: Json;
  }): Promise<Delivery> {
    const { person, channel, callback, message } = shortcut;
    return this.#interaction(person, {
      type: "message_action",
      callback_id: callback,
      action_ts: "1",
      trigger_id: await this.#api.trigger(person),
      channel: { id: this.channel(channel), name: channel },
      response_url: this.#api.answerUrl(person),
      message_ts: message.ts,
      message: { type: "message", ...message },
    });
  }

  /** Somebody changes a field of an open modal whose changes the app wants to hear of. */
  changeForm(change: { view: OpenView; values: Readonly<Record<string, Json>> }): Promise<Delivery> {
    const { view, values } = change;
    return this.#interaction(view.person, {
      type: "block_actions",
      trigger_id: "unused",
      container: { type: "view", view_id: view.id },
      view: { ...view.view, state: modalState(view.view, values) },
      actions: Object.keys(values).map((name) => ({ block_id: name, action_id: name, action_ts: "1" })),
    });
  }

  deliver(request: AppRequest): Promise<Delivery> {
    return this.#line.deliver(request);
  }

  /** A channel as everybody sees it, oldest first. */
  async channelShown(name: string): Promise<ShownMessage[]> {
    const request = { channel: this.channel(name), limit: 1000 };
    const { messages } = await this.workspace.as("bot", "conversations.history", request);
    const newestFirst = (messages ?? []) as readonly { ts: string; user: string; text: string; blocks?: Json[] }[]; // Slack's shape.
    return newestFirst
      .map(({ ts, user, text, blocks = [] }) => ({ ts, user, text, blocks, unfurls: this.#api.unfurls.under(ts) }))
      .reverse();
  }

  /** A text of Slack's with names instead of ids. */
  readable(text: string): string {
    const names = [...this.workspace.people, ...this.workspace.channels].map(([name, id]): [string, string] => [
      id,
      name,
    ]);
    names.push([this.workspace.botUser, "OpenMates Share"]);
    return text
      .replaceAll(/<([@#])(\w+)>/gu, (_, mark: string, id: string) => mark + (new Map(names).get(id) ?? id))
      .replaceAll(/<!date[^|]*\|([^>]*)>/gu, "$1");
  }

  /** Resolves with what `find` finds, as soon as it does; looks again whenever the app has done something. */
  until<T>(what: string, find: () => T | undefined): Promise<T> {
    const seen = () => this.calls.map(({ method, answer }) => `${method} ${answer.error ?? "ok"}`).join(", ");
    return this.#watch.until(find, () => `Slack never saw ${what}; it saw: ${seen()}`);
  }

  /** @throws Error when the app has asked for something that Slack would refuse for its shape */
  async stop(): Promise<void> {
    this.#line.stop();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await this.workspace.stop();
    if (this.refused.length > 0) throw new Error(`Slack would refuse what the app sends: ${this.refused.join(" | ")}`);
  }

  get #origin(): string {
    const { port } = this.#server.address() as AddressInfo; // It listens on a port since `start`.
    return `http://127.0.0.1:${port}`;
  }

  #interaction(person: string, payload: Json): Promise<Delivery> {
    const whole = {
      team: { id: this.workspace.teamId, domain: "demo" },
      user: { id: this.person(person), username: person, name: person, team_id: this.workspace.teamId },
      api_app_id: APP_ID,
      token: "unused",
      ...payload,
    };
    return this.#form({ payload: JSON.stringify(whole) });
  }

  #form(fields: Readonly<Record<string, string>>): Promise<Delivery> {
    return this.deliver({ body: new URLSearchParams(fields).toString(), type: "application/x-www-form-urlencoded" });
  }

  /** An address at which the app may answer one person. */
  answerUrl(person: string): string {
    return this.#api.answerUrl(person);
  }

  #linksIn(text: string): string[] {
    const urls = text.match(/https?:\/\/[^\s<>|]+/gu) ?? [];
    return urls.filter((url) => URL.canParse(url) && this.#domains.includes(new URL(url).hostname));
  }
}

function known(ids: ReadonlyMap<string, string>, name: string): string {
  const id = ids.get(name);
  if (id === undefined) throw new Error(`Nobody and nothing here is called ${name}.`);
  return id;
}
