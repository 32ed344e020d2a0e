import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { readRequest } from "./api-request.ts";
import { blockProblems, homeProblems, viewProblems } from "./block-rules.ts";
import { FaultDesk } from "./fault-desk.ts";
import { isJson, type Json } from "./json.ts";
import { MetadataDesk } from "./metadata-desk.ts";
import { type Answer, BOT_TOKEN, type SlackWorkspace } from "./slack-workspace.ts";
import { StreamDesk } from "./stream-desk.ts";
import { TokenDesk } from "./token-desk.ts";
import { Tombstones } from "./tombstones.ts";
import { UnfurlDesk } from "./unfurl-desk.ts";

/** For Socket Mode. */
export const APP_TOKEN = "xapp-demo-app";

/** One thing the app asked of Slack: a Web API method, or an answer to a command (`response_url`). */
export interface ApiCall {
  readonly method: string;
  readonly parameters: Json;
  readonly answer: Answer;
  /** When it came, in milliseconds of `performance.now()`. */
  readonly at: number;
}

/** A modal on somebody's screen. */
export interface OpenView {
  readonly id: string;
  readonly person: string;
  readonly view: Json;
}

/** What one person sees and nobody else. */
export interface Whisper {
  readonly person: string;
  readonly text: string;
  readonly blocks: readonly Json[];
}

/** What the app asks of Slack: the emulator's Web API behind a front that adds what the emulator lacks. */
export class WebApi {
  readonly workspace: SlackWorkspace;
  readonly calls: ApiCall[] = [];
  readonly views = new Map<string, OpenView>();
  readonly whispers: Whisper[] = [];
  /** Who is let in. */
  readonly tokens = new TokenDesk(BOT_TOKEN);
  /** What goes wrong on Slack's side. */
  readonly faults = new FaultDesk();
  readonly unfurls = new UnfurlDesk();
  readonly streams: StreamDesk;
  /** What of the app's requests Slack would have refused, by method. */
  readonly refused: string[] = [];
  readonly #metadata = new MetadataDesk();
  readonly #tombstones = new Tombstones();
  readonly #origin: () => string;
  readonly #changed: () => void;
  /** Who may be answered at which address. */
  readonly #answerTo = new Map<string, string>();
  #lastToAct = "";
  /** Requests that are held up on their way. */
  held = 0;

  /** @param options.origin where the app reaches it @param options.changed called whenever the app has done something */
  constructor(options: { workspace: SlackWorkspace; origin: () => string; changed: () => void }) {
    this.workspace = options.workspace;
    this.#origin = options.origin;
    this.#changed = options.changed;
    this.streams = new StreamDesk((method, parameters) => this.workspace.as("bot", method, parameters));
  }

  /** What Slack gives an app for three seconds when somebody does something. */
  async trigger(person: string): Promise<string> {
    // Whose view opens next, for the emulator does not say.
    this.#lastToAct = person;
    const user_id = this.workspace.people.get(person);
    const trigger = await this.workspace.as("bot", "views.generateTriggerId", { user_id });
    return String(trigger.trigger_id);
  }

  /** An address at which the app may answer one person. */
  answerUrl(person: string): string {
    const id = randomBytes(12).toString("hex");
    this.#answerTo.set(id, person);
    return `${this.#origin()}/answers/${id}`;
  }

  async replaceView(open: OpenView, view: Json): Promise<void> {
    const problems = viewProblems(view);
    if (problems.length > 0) throw new Error(`Slack would refuse this view: ${problems.join("; ")}`);
    await this.workspace.as("bot", "views.update", { view_id: open.id, view });
    this.views.set(open.id, { ...open, view: { ...view, id: open.id } });
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, kind, name = ""] = (request.url ?? "").split("/");
    const { text, parameters } = await readRequest(request);
    const isAnswer = kind === "answers";
    const at = performance.now();
    const fault = this.faults.take(name);
    if (fault) await this.#arrival(fault.arrives);
    const answer = isAnswer
      ? this.#whisper(this.#answerTo.get(name) ?? null, parameters)
      : (fault?.answer ?? (await this.#callMethod({ request, method: name, text, parameters })));
    this.calls.push({ method: isAnswer ? "response_url" : name, parameters, answer, at });
    this.#noticeView(name, answer);
    if (fault) this.held -= 1;
    if (fault?.spoil) await fault.spoil(response);
    else {
      response.writeHead(isAnswer && !answer.ok ? 404 : 200, { "content-type": "application/json" });
      response.end(JSON.stringify(answer));
    }
    this.#changed();
  }

  async #arrival(arrives: Promise<void>): Promise<void> {
    this.held += 1;
    this.#changed();
    await arrives;
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
    const streamed = await this.streams.take({ method, parameters });
    if (streamed) return this.#noted(method, streamed);
    if (method === "chat.unfurl") return this.#noted(method, this.unfurls.take(parameters));
    const problems = problemsOf(method, parameters);
    if (problems.length > 0) return this.#refuse(method, problems);
    if (method === "views.update" && !this.views.has(String(parameters.view_id)))
      return { ok: false, error: "not_found" };
    // One message among many: the emulator would count its limit from the newest.
    const answer = this.#tombstones.added(
      parameters.latest === undefined
        ? await this.#emulate({ method, text, request, token })
        : await this.workspace.as("bot", method, { ...parameters, limit: 1000 }),
    );
    if (method === "conversations.history") return this.#metadata.added(within(answer, parameters), parameters);
    if (method === "conversations.replies")
      return this.#metadata.added(paged(within(answer, parameters), parameters), parameters);
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
    return { ok: true, url: `${this.#origin().replace("http", "ws")}/link?ticket=${randomBytes(8).toString("hex")}` };
  }

  #whisper(person: string | null, { text, blocks }: Json): Answer {
    if (person === null) return { ok: false, error: "used_url" };
    const problems = blockProblems(blocks);
    if (problems.length > 0) return this.#refuse("response_url", problems);
    this.whispers.push({ person, text: String(text), blocks: blocks as Json[] }); // Checked above.
    return { ok: true };
  }

  #refuse(method: string, problems: readonly string[]): Answer {
    return this.#noted(method, { ok: false, error: "invalid_blocks", problems });
  }

  #noted(method: string, answer: Answer): Answer {
    if (Array.isArray(answer.problems)) this.refused.push(`${method}: ${answer.problems.join("; ")}`);
    return answer;
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

/** The emulator takes no bounds in time; and Slack gives a thread's first message in any case. */
function within(answer: Answer, { oldest, latest, inclusive, ts: thread }: Json): Answer {
  if (!Array.isArray(answer.messages)) return answer;
  const included = (ts: string) => {
    const after = oldest === undefined || ts > String(oldest) || (inclusive && ts === String(oldest));
    const before = latest === undefined || ts < String(latest) || (inclusive && ts === String(latest));
    return ts === thread || (after && before);
  };
  return { ...answer, messages: answer.messages.filter((message) => isJson(message) && included(String(message.ts))) };
}

/** The emulator gives all of a thread on one page. */
function paged(answer: Answer, { limit = 100, cursor = 0 }: Json): Answer {
  if (!Array.isArray(answer.messages)) return answer;
  const [start, end] = [Number(cursor), Number(cursor) + Number(limit)];
  const more = end < answer.messages.length;
  const next = { has_more: more, response_metadata: { next_cursor: more ? String(end) : "" } };
  return { ...answer, messages: answer.messages.slice(start, end), ...next };
}

/** What Slack would refuse of a request, in the method's own way. */
function problemsOf(method: string, parameters: Json): string[] {
  const { view, blocks, text } = parameters;
  switch (method) {
    case "views.open":
    case "views.update":
      return isJson(view) ? viewProblems(view) : ["no view"];
    case "views.publish":
      return isJson(view) ? homeProblems(view) : ["no view"];
    case "chat.postMessage":
    case "chat.postEphemeral":
    case "chat.update":
      return [...blockProblems(blocks), ...textProblems(text), ...metadataProblems(parameters.metadata)];
    default:
      return [];
  }
}

/** What notifications say; Slack cuts what is longer than 40,000, and wants less than 4,000 (docs.slack.dev, `chat.postMessage`). */
const TEXT_LIMIT = 4000;

function textProblems(text: unknown): string[] {
  if (typeof text !== "string" || text === "") return ["no_text"];
  return text.length > TEXT_LIMIT ? ["msg_too_long"] : [];
}

function metadataProblems(metadata: unknown): string[] {
  if (metadata === undefined) return [];
  const whole = isJson(metadata) && typeof metadata.event_type === "string" && isJson(metadata.event_payload);
  return whole ? [] : ["invalid_metadata_format"];
}
