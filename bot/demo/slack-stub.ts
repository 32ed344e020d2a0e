import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { readRequest } from "./api-request.ts";
import { AppLine, type AppRequest, type Delivery } from "./app-line.ts";
import { blockProblems, viewProblems } from "./block-rules.ts";
import { isJson, type Json } from "./json.ts";
import { MetadataDesk } from "./metadata-desk.ts";
import { modalState } from "./modal-fields.ts";
import {
  type Answer,
  BOT_TOKEN,
  type SlackWorkspace,
  startWorkspace,
  type WorkspaceOptions,
} from "./slack-workspace.ts";
import { StreamDesk } from "./stream-desk.ts";
import { TokenDesk } from "./token-desk.ts";
import { UnfurlDesk } from "./unfurl-desk.ts";
import { Watch } from "./watch.ts";

const APP_TOKEN = "xapp-demo-app";
const APP_ID = "A0OPENMATES";
const PATIENCE_MS = 20_000;

/** One thing the app asked of Slack: a Web API method, or an answer to a command (`response_url`). */
export interface ApiCall {
  readonly method: string;
  readonly parameters: Json;
  readonly answer: Answer;
}

/** A modal on somebody's screen. */
export interface OpenView {
  readonly id: string;
  readonly person: string;
  readonly view: Json;
}

/** A message of a channel as everybody sees it, with its unfurls. */
export interface ShownMessage {
  readonly ts: string;
  readonly user: string;
  readonly text: string;
  readonly blocks: readonly Json[];
  /** By URL, as it stands in the message. */
  readonly unfurls: ReadonlyMap<string, readonly Json[]>;
}

/** What one person sees and nobody else. */
export interface Whisper {
  readonly person: string;
  readonly text: string;
  readonly blocks: readonly Json[];
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
  readonly calls: ApiCall[] = [];
  readonly views = new Map<string, OpenView>();
  readonly whispers: Whisper[] = [];
  readonly #domains: readonly string[];
  readonly #watch = new Watch({ patience: PATIENCE_MS });
  readonly #line = new AppLine({ onConnected: () => this.#watch.changed() });
  readonly #unfurls = new UnfurlDesk();
  readonly #metadata = new MetadataDesk();
  readonly #streams = new StreamDesk((method, parameters) => this.workspace.as("bot", method, parameters));
  /** Who is let in. */
  readonly tokens = new TokenDesk(BOT_TOKEN);
  #lastToAct = "";
  /** Who may be answered at which address. */
  readonly #answerTo = new Map<string, string>();
  readonly #server = createServer((request, response) => {
    this.#serve(request, response).catch((error: unknown) => {
      response.writeHead(500).end(error instanceof Error ? error.message : "");
    });
  }).on("upgrade", (request, connection, head) => this.#line.upgrade(request, connection, head));

  private constructor({ domains, workspace }: { domains: readonly string[]; workspace: SlackWorkspace }) {
    this.#domains = domains;
    this.workspace = workspace;
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
    this.#streams.open = streams;
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

  /** `link_shared` for a message that is posted or being written. */
  sendLinks({ person, channel, ts, thread, conversation, urls, withoutId = false }: SentLinks): Promise<Delivery> {
    const place = conversation ?? (channel ? this.channel(channel) : null);
    const id = `${place ?? "draft"}.${ts}.${randomBytes(8).toString("hex")}`;
    const source = place ? "conversations_history" : "composer";
    const where = { channel: place ?? "COMPOSER", ts: place ? ts : id };
    this.#unfurls.expect({ id, source, urls, ...where });
    return this.sendEvent({
      type: "link_shared",
      channel: where.channel,
      is_bot_user_member: true,
      user: this.person(person),
      message_ts: where.ts,
      ...(thread ? { thread_ts: thread } : {}),
      ...(withoutId ? {} : { unfurl_id: id, source }),
      links: urls.map((url) => ({ url, domain: new URL(url).hostname })),
      event_ts: ts,
    });
  }

  sendEvent(event: Json): Promise<Delivery> {
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
    };
    return this.deliver({ body: JSON.stringify(payload), type: "application/json" });
  }

  /** Somebody types a slash command. */
  async command(command: { person: string; channel: string; text: string }): Promise<Delivery> {
    const { person, channel, text } = command;
    const trigger = await this.#trigger(person);
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
      response_url: this.answerUrl(person),
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
    else if (isJson(answer) && isJson(answer.view)) await this.#replaceView(view, answer.view);
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
      trigger_id: await this.#trigger(person),
      channel: { id: this.channel(channel), name: channel },
      container: { type: "message", ...(ts ? { message_ts: ts } : {}), ...(thread ? { thread_ts: thread } : {}) },
      response_url: this.answerUrl(person),
      actions: [{ block_id: "b", type: "button", action_ts: "1", ...action }],
    });
  }

  /** Somebody presses a button on the app's Home tab. */
  async clickAtHome(click: { person: string; action: Json }): Promise<Delivery> {
    const { person, action } = click;
    return this.#interaction(person, {
      type: "block_actions",
      trigger_id: await this.#trigger(person),
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
      trigger_id: await this.#trigger(person),
      channel: { id: this.channel(channel), name: channel },
      response_url: this.answerUrl(person),
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

  async #trigger(person: string): Promise<string> {
    // Whose view opens next, for the emulator does not say.
    this.#lastToAct = person;
    const trigger = await this.workspace.as("bot", "views.generateTriggerId", { user_id: this.person(person) });
    return String(trigger.trigger_id);
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
      .map(({ ts, user, text, blocks = [] }) => ({ ts, user, text, blocks, unfurls: this.#unfurls.under(ts) }))
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

  async stop(): Promise<void> {
    this.#line.stop();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await this.workspace.stop();
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

  answerUrl(person: string): string {
    const id = randomBytes(12).toString("hex");
    this.#answerTo.set(id, person);
    return `${this.#origin}/answers/${id}`;
  }

  #linksIn(text: string): string[] {
    const urls = text.match(/https?:\/\/[^\s<>|]+/gu) ?? [];
    return urls.filter((url) => URL.canParse(url) && this.#domains.includes(new URL(url).hostname));
  }

  async #replaceView(open: OpenView, view: Json): Promise<void> {
    const problems = viewProblems(view);
    if (problems.length > 0) throw new Error(`Slack would refuse this view: ${problems.join("; ")}`);
    await this.workspace.as("bot", "views.update", { view_id: open.id, view });
    this.views.set(open.id, { ...open, view: { ...view, id: open.id } });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, kind, name = ""] = (request.url ?? "").split("/");
    const { text, parameters } = await readRequest(request);
    const isAnswer = kind === "answers";
    const answer = isAnswer
      ? this.#whisper(this.#answerTo.get(name) ?? null, parameters)
      : await this.#callMethod({ request, method: name, text, parameters });
    this.calls.push({ method: isAnswer ? "response_url" : name, parameters, answer });
    this.#noticeView(name, answer);
    response.writeHead(isAnswer && !answer.ok ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(answer));
    this.#watch.changed();
  }

  async #callMethod(call: {
    request: IncomingMessage;
    method: string;
    text: string;
    parameters: Json;
  }): Promise<Answer> {
    const { request, method, text, parameters } = call;
    const { authorization = "" } = request.headers;
    if (method === "apps.connections.open") return this.#openConnection(authorization);
    if (method === "oauth.v2.access")
      return this.tokens.grant(parameters, () => this.#emulate({ method, text, request }));
    const token = this.tokens.emulatedFor(authorization);
    if (token === null) return { ok: false, error: "invalid_auth" };
    if (method === "users.conversations") return this.workspace.as("bot", "conversations.list", { limit: 100 });
    const streamed = await this.#streams.take({ method, parameters });
    if (streamed) return streamed;
    if (method === "chat.unfurl") return this.#unfurls.take(parameters);
    const problems = problemsOf(method, parameters);
    if (problems.length > 0) return { ok: false, error: "invalid_blocks", problems };
    if (method === "views.update" && !this.views.has(String(parameters.view_id)))
      return { ok: false, error: "not_found" };
    // One message among many: the emulator would count its limit from the newest.
    const answer =
      parameters.latest === undefined
        ? await this.#emulate({ method, text, request, token })
        : await this.workspace.as("bot", method, { ...parameters, limit: 1000 });
    if (method === "conversations.history" || method === "conversations.replies")
      return this.#metadata.added(within(answer, parameters), parameters);
    if (answer.ok) this.#metadata.keep(answer, parameters);
    if (method === "chat.postEphemeral" && answer.ok) this.#whisper(this.#nameOf(String(parameters.user)), parameters);
    return answer;
  }

  async #emulate(call: { method: string; text: string; request: IncomingMessage; token?: string }): Promise<Answer> {
    const { method, text, request, token } = call;
    const authorization = token === undefined ? (request.headers.authorization ?? "") : `Bearer ${token}`;
    const headers = {
      "content-type": request.headers["content-type"] ?? "",
      ...(authorization ? { authorization } : {}),
    };
    const response = await fetch(`${this.workspace.url}/api/${method}`, { method: "POST", headers, body: text });
    // It calls itself "localhost" in the addresses of files.
    const answer = (await response.text()).replaceAll(
      this.workspace.url.replace("127.0.0.1", "localhost"),
      this.workspace.url,
    );
    return JSON.parse(answer) as Answer; // The emulator answers as Slack does.
  }

  #openConnection(authorization: string): Answer {
    if (authorization !== `Bearer ${APP_TOKEN}`) return { ok: false, error: "invalid_auth" };
    return { ok: true, url: `${this.#origin.replace("http", "ws")}/link?ticket=${randomBytes(8).toString("hex")}` };
  }

  #whisper(person: string | null, { text, blocks }: Json): Answer {
    if (person === null) return { ok: false, error: "used_url" };
    const problems = blockProblems(blocks);
    if (problems.length > 0) return { ok: false, error: "invalid_blocks", problems };
    this.whispers.push({ person, text: String(text), blocks: blocks as Json[] }); // Checked above.
    return { ok: true };
  }

  #noticeView(method: string, { ok, view }: Answer): void {
    if (!ok || !isJson(view) || (method !== "views.open" && method !== "views.update")) return;
    const id = String(view.id);
    // The emulator does not say whose trigger a view was opened with; who acted last is who.
    const person = this.views.get(id)?.person ?? this.#lastToAct;
    this.views.set(id, { id, person, view });
  }

  #nameOf(user: string): string {
    return [...this.workspace.people].find(([, id]) => id === user)?.[0] ?? user;
  }
}

/** The emulator takes no bounds in time. */
function within(answer: Answer, { oldest, latest, inclusive }: Json): Answer {
  if (!Array.isArray(answer.messages)) return answer;
  const included = (ts: string) => {
    const after = oldest === undefined || ts > String(oldest) || (inclusive && ts === String(oldest));
    const before = latest === undefined || ts < String(latest) || (inclusive && ts === String(latest));
    return after && before;
  };
  return { ...answer, messages: answer.messages.filter((message) => isJson(message) && included(String(message.ts))) };
}

function problemsOf(method: string, { view, blocks }: Json): string[] {
  if (method === "views.open" || method === "views.update") return isJson(view) ? viewProblems(view) : ["no view"];
  if (method === "chat.postMessage" || method === "chat.postEphemeral") return blockProblems(blocks);
  return [];
}

function known(ids: ReadonlyMap<string, string>, name: string): string {
  const id = ids.get(name);
  if (id === undefined) throw new Error(`Nobody and nothing here is called ${name}.`);
  return id;
}
