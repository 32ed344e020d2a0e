import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { blockProblems, viewProblems } from "./block-rules.ts";
import { signatureHeaders } from "./slack-signature.ts";
import { type Answer, BOT_TOKEN, startWorkspace, type WorkspaceOptions } from "./slack-workspace.ts";

type Json = Readonly<Record<string, unknown>>;

/** One thing the app asked of Slack: a Web API method, or an answer to a command (`response_url`). */
export interface ApiCall {
  readonly method: string;
  readonly parameters: Json;
  readonly answer: Answer;
}

/** What the app answered to a request of Slack's. */
export interface Delivery {
  readonly status: number;
  readonly body: string;
  /** How long Slack had to wait for it. */
  readonly milliseconds: number;
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

export interface StubOptions extends WorkspaceOptions {
  /** Hosts whose links make Slack send `link_shared`. */
  readonly unfurlDomains: readonly string[];
  /** How long `until` waits, in milliseconds; 20,000 unless told. */
  readonly patience?: number;
}

/**
 * Slack as the app sees it: the emulator's Web API behind a front that adds what the emulator lacks. It sends signed
 * commands, form submissions, clicks and `link_shared` events, takes `chat.unfurl` and answers to commands, closes
 * modals, and refuses blocks that Slack would refuse.
 */
export class SlackStub {
  static async start(options: StubOptions): Promise<SlackStub> {
    const workspace = await startWorkspace(options);
    const stub = new SlackStub(options, workspace);
    await new Promise<void>((resolve) => stub.#server.listen(0, "127.0.0.1", resolve));
    return stub;
  }

  readonly signingSecret = randomBytes(16).toString("hex");
  readonly botToken = BOT_TOKEN;
  readonly calls: ApiCall[] = [];
  readonly views = new Map<string, OpenView>();
  readonly whispers: Whisper[] = [];
  readonly workspace: Awaited<ReturnType<typeof startWorkspace>>;
  readonly #options: StubOptions;
  readonly #server = createServer((request, response) => {
    this.#serve(request, response).catch((error: unknown) => {
      response.writeHead(500).end(error instanceof Error ? error.message : "");
    });
  });
  readonly #unfurls = new Map<string, Map<string, readonly Json[]>>();
  /** What `chat.unfurl` may name: links sent by `link_shared`, and the message they are in. */
  readonly #pending = new Map<string, { readonly ts: string; readonly urls: readonly string[] }>();
  readonly #answerTo = new Map<string, string>();
  readonly #watchers = new Set<() => void>();
  #app: string | null = null;

  private constructor(options: StubOptions, workspace: Awaited<ReturnType<typeof startWorkspace>>) {
    this.#options = options;
    this.workspace = workspace;
  }

  /** For `SLACK_API_URL`. */
  get apiUrl(): string {
    return `${this.#origin}/api/`;
  }

  /** Tells Slack where the app takes its requests. */
  connect(appUrl: string): void {
    this.#app = appUrl;
  }

  person(name: string): string {
    return known(this.workspace.people, name);
  }

  channel(name: string): string {
    return known(this.workspace.channels, name);
  }

  /** Somebody writes into a channel; share links of registered domains make Slack ask the app for unfurls. */
  async say(message: {
    person: string;
    channel: string;
    text: string;
  }): Promise<{ ts: string; delivery: Delivery | null }> {
    const { person, channel, text } = message;
    const posted = await this.workspace.as(person, "chat.postMessage", { channel: this.channel(channel), text });
    const ts = String(posted.ts);
    const urls = this.#linksIn(text);
    this.#changed();
    if (urls.length === 0) return { ts, delivery: null };
    return { ts, delivery: await this.sendLinkShared({ person, channel: this.channel(channel), ts, urls }) };
  }

  /** `link_shared` for a message that is posted, or, without a channel, for one that is being written. */
  sendLinkShared(links: {
    person: string;
    channel: string | null;
    ts: string;
    urls: readonly string[];
  }): Promise<Delivery> {
    const { person, channel, ts, urls } = links;
    const unfurlId = `${channel ?? "draft"}.${ts}.${randomBytes(8).toString("hex")}`;
    this.#pending.set(unfurlId, { ts, urls });
    const event = {
      type: "link_shared",
      channel: channel ?? "COMPOSER",
      is_bot_user_member: true,
      user: this.person(person),
      message_ts: channel ? ts : unfurlId,
      unfurl_id: unfurlId,
      source: channel ? "conversations_history" : "composer",
      links: urls.map((url) => ({ url, domain: new URL(url).hostname })),
      event_ts: ts,
    };
    return this.sendEvent(event);
  }

  sendEvent(event: Json): Promise<Delivery> {
    const team = this.workspace.teamId;
    const payload = {
      type: "event_callback",
      token: "unused",
      team_id: team,
      api_app_id: "A0OPENMATES",
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
    const user = this.person(person);
    const trigger = await this.workspace.as("bot", "views.generateTriggerId", { user_id: user });
    const form = new URLSearchParams({
      token: "unused",
      team_id: this.workspace.teamId,
      team_domain: "demo",
      channel_id: this.channel(channel),
      channel_name: channel,
      user_id: user,
      user_name: person,
      command: "/share",
      text: text.replaceAll("&", "&amp;"),
      response_url: this.#answerUrl(person),
      trigger_id: String(trigger.trigger_id),
      api_app_id: "A0OPENMATES",
    });
    return this.deliver({ body: form.toString(), type: "application/x-www-form-urlencoded" });
  }

  /** Somebody sends a modal: its fields' starting values, and what they changed. What the app answers is carried out. */
  async submit(submission: { view: OpenView; values: Readonly<Record<string, Json>> }): Promise<Delivery> {
    const { view, values } = submission;
    const state = Object.fromEntries(
      fieldsOf(view.view).map(({ block, action, start }) => [block, { [action]: { ...start, ...values[block] } }]),
    );
    const delivery = await this.#interaction(view.person, {
      type: "view_submission",
      trigger_id: "unused",
      response_urls: [],
      view: { ...view.view, state: { values: state } },
    });
    const answer = delivery.body ? (JSON.parse(delivery.body) as Json) : {};
    if (answer.response_action === "update") await this.#replaceView(view, answer.view as Json);
    if (delivery.body === "") this.views.delete(view.id);
    this.#changed();
    return delivery;
  }

  /** Somebody closes a modal; what the app sends to it from now on is too late. */
  close(view: OpenView): void {
    this.views.delete(view.id);
  }

  /** Somebody presses a button of a message. */
  click(click: { person: string; channel: string; action: Json }): Promise<Delivery> {
    return this.#interaction(click.person, {
      type: "block_actions",
      trigger_id: "unused",
      channel: { id: this.channel(click.channel), name: click.channel },
      container: { type: "message" },
      response_url: this.#answerUrl(click.person),
      actions: [click.action],
    });
  }

  /** A channel as everybody sees it, oldest first. */
  async channelShown(name: string): Promise<ShownMessage[]> {
    const { messages } = await this.workspace.as("bot", "conversations.history", {
      channel: this.channel(name),
      limit: 1000,
    });
    const newestFirst = (messages ?? []) as readonly { ts: string; user: string; text: string; blocks?: Json[] }[]; // Slack's shape.
    return newestFirst
      .map(({ ts, user, text, blocks = [] }) => ({
        ts,
        user,
        text,
        blocks,
        unfurls: this.#unfurls.get(ts) ?? new Map(),
      }))
      .reverse();
  }

  /** Resolves with what `find` finds, as soon as it does; looks again whenever something changes. */
  until<T>(what: string, find: () => T | undefined): Promise<T> {
    const found = find();
    if (found !== undefined) return Promise.resolve(found);
    return new Promise((resolve, reject) => {
      const settle = (done: () => void) => {
        clearTimeout(timer);
        this.#watchers.delete(look);
        done();
      };
      const look = () => {
        const now = find();
        if (now !== undefined) settle(() => resolve(now));
      };
      const seen = () => this.calls.map(({ method, answer }) => `${method} ${answer.error ?? "ok"}`).join(", ");
      const timer = setTimeout(
        () => settle(() => reject(new Error(`Slack never saw ${what}; it saw: ${seen()}`))),
        this.#options.patience ?? 20_000,
      );
      this.#watchers.add(look);
    });
  }

  /** Sends a request as Slack does; `sign` lets tests sign it wrongly. */
  async deliver(request: {
    body: string;
    type: string;
    sign?: (body: string) => Record<string, string>;
  }): Promise<Delivery> {
    if (!this.#app) throw new Error("The app is not connected yet.");
    const { body, type } = request;
    const timestamp = Math.floor(Date.now() / 1000);
    const headers = request.sign?.(body) ?? signatureHeaders({ secret: this.signingSecret, timestamp, body });
    const start = performance.now();
    const response = await fetch(this.#app, { method: "POST", body, headers: { "content-type": type, ...headers } });
    const text = await response.text();
    return { status: response.status, body: text, milliseconds: performance.now() - start };
  }

  async stop(): Promise<void> {
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
      api_app_id: "A0OPENMATES",
      token: "unused",
      ...payload,
    };
    const body = new URLSearchParams({ payload: JSON.stringify(whole) }).toString();
    return this.deliver({ body, type: "application/x-www-form-urlencoded" });
  }

  #answerUrl(person: string): string {
    const id = randomBytes(12).toString("hex");
    this.#answerTo.set(id, person);
    return `${this.#origin}/answers/${id}`;
  }

  #linksIn(text: string): string[] {
    const urls = text.match(/https?:\/\/[^\s<>|]+/gu) ?? [];
    return urls.filter((url) => URL.canParse(url) && this.#options.unfurlDomains.includes(new URL(url).hostname));
  }

  async #replaceView(open: OpenView, view: Json): Promise<void> {
    const problems = viewProblems(view);
    if (problems.length > 0) throw new Error(`Slack would refuse this view: ${problems.join("; ")}`);
    await this.workspace.as("bot", "views.update", { view_id: open.id, view });
    this.views.set(open.id, { ...open, view: { ...view, id: open.id } });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await bodyOf(request);
    const [, kind, name = ""] = (request.url ?? "").split("/");
    const parameters =
      kind === "answers" ? (JSON.parse(text) as Json) : parametersOf(text, request.headers["content-type"]);
    const answer =
      kind === "answers"
        ? this.#takeAnswer(name, parameters)
        : await this.#callMethod({ request, method: name, text, parameters });
    this.calls.push({ method: kind === "answers" ? "response_url" : name, parameters, answer });
    this.#noticeView(name, answer);
    response.writeHead(kind === "answers" && !answer.ok ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(answer));
    this.#changed();
  }

  #takeAnswer(id: string, parameters: Json): Answer {
    const person = this.#answerTo.get(id);
    if (!person) return { ok: false, error: "used_url" };
    return this.#whisper(person, parameters);
  }

  #whisper(person: string, parameters: Json): Answer {
    const problems = blockProblems(parameters.blocks);
    if (problems.length > 0) return { ok: false, error: "invalid_blocks", problems };
    this.whispers.push({ person, text: String(parameters.text), blocks: parameters.blocks as Json[] });
    return { ok: true };
  }

  async #callMethod(call: {
    request: IncomingMessage;
    method: string;
    text: string;
    parameters: Json;
  }): Promise<Answer> {
    const { request, method, text, parameters } = call;
    if (request.headers.authorization !== `Bearer ${BOT_TOKEN}`) return { ok: false, error: "invalid_auth" };
    if (method === "chat.unfurl") return this.#unfurl(parameters);
    const problems = problemsOf(method, parameters);
    if (problems.length > 0) return { ok: false, error: "invalid_blocks", problems };
    if (method === "views.update" && !this.views.has(String(parameters.view_id)))
      return { ok: false, error: "not_found" };
    const headers = {
      "content-type": request.headers["content-type"] ?? "",
      authorization: request.headers.authorization,
    };
    const response = await fetch(`${this.workspace.url}/api/${method}`, { method: "POST", headers, body: text });
    const answer = (await response.json()) as Answer;
    if (method === "chat.postEphemeral" && answer.ok) {
      this.#whisper(this.#nameOf(String(parameters.user)), parameters);
    }
    return answer;
  }

  #unfurl(parameters: Json): Answer {
    const id = String(parameters.unfurl_id ?? "");
    const pending =
      this.#pending.get(id) ?? [...this.#pending.values()].findLast(({ ts }) => ts === String(parameters.ts ?? ""));
    if (!pending) return { ok: false, error: "cannot_find_message" };
    const unfurls = Object.entries(parameters.unfurls as Record<string, Json>);
    if (unfurls.some(([url]) => !pending.urls.includes(url))) return { ok: false, error: "cannot_unfurl_url" };
    const problems = unfurls.flatMap(([, { blocks }]) => blockProblems(blocks));
    if (problems.length > 0) return { ok: false, error: "invalid_blocks", problems };
    const shown = this.#unfurls.get(pending.ts) ?? new Map<string, readonly Json[]>();
    for (const [url, { blocks }] of unfurls) shown.set(url, blocks as Json[]);
    this.#unfurls.set(pending.ts, shown);
    return { ok: true };
  }

  #noticeView(method: string, answer: Answer): void {
    if (!answer.ok || (method !== "views.open" && method !== "views.update")) return;
    const view = answer.view as Json; // Both answer with the view.
    const id = String(view.id);
    const person = this.views.get(id)?.person ?? this.#lastCaller();
    this.views.set(id, { id, person, view });
  }

  /** The emulator does not say whose trigger a view was opened with; the last command's caller is. */
  #lastCaller(): string {
    return [...this.#answerTo.values()].at(-1) ?? "";
  }

  #nameOf(user: string): string {
    return [...this.workspace.people].find(([, id]) => id === user)?.[0] ?? user;
  }

  #changed(): void {
    for (const look of [...this.#watchers]) look();
  }
}

/** Starting values of a modal's inputs, in the shape they come back in. */
function fieldsOf(view: Json): { block: string; action: string; start: Json }[] {
  const inputs = (view.blocks as readonly Json[]).filter(({ type }) => type === "input");
  return inputs.map((input) => {
    const element = input.element as Json; // Every input has one.
    return {
      block: String(input.block_id),
      action: String(element.action_id),
      start: {
        type: element.type,
        ...(String(element.type).endsWith("_input") ? { value: element.initial_value ?? null } : {}),
        ...(element.type === "checkboxes" ? { selected_options: element.initial_options ?? [] } : {}),
        ...(element.options && element.type !== "checkboxes"
          ? { selected_option: element.initial_option ?? null }
          : {}),
      },
    };
  });
}

function problemsOf(method: string, parameters: Json): string[] {
  if (method === "views.open" || method === "views.update") return viewProblems(parameters.view as Json);
  if (method === "chat.postMessage" || method === "chat.postEphemeral") return blockProblems(parameters.blocks);
  return [];
}

/** Slack's clients send forms whose larger values are JSON. */
function parametersOf(text: string, type = ""): Json {
  if (type.includes("json")) return JSON.parse(text) as Json;
  const entries = [...new URLSearchParams(text)];
  return Object.fromEntries(entries.map(([name, value]) => [name, /^[[{]/u.test(value) ? JSON.parse(value) : value]));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer); // Requests without an encoding give buffers.
  return Buffer.concat(chunks).toString("utf8");
}

function known(ids: ReadonlyMap<string, string>, name: string): string {
  const id = ids.get(name);
  if (id === undefined) throw new Error(`Nobody and nothing here is called ${name}.`);
  return id;
}
