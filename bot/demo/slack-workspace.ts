import { createServer } from "node:net";
import { createEmulator } from "emulate";

/** Names and tokens of the workspace; all made up. */
export const BOT_TOKEN = "xoxb-demo-bot";
const APP_ID = "A0OPENMATES";
const BOT_ID = "B0OPENMATES";
const BOT_USER = "U0OPENMATES";
const USER_TOKEN = "xoxp-demo-";

export interface Person {
  readonly name: string;
  readonly realName: string;
}

export interface WorkspaceOptions {
  readonly people: readonly Person[];
  readonly channels: readonly { readonly name: string; readonly private?: boolean }[];
}

/** What the emulator answers; `ok` says whether the rest is there. */
export type Answer = Readonly<Record<string, unknown>> & { readonly ok: boolean };

/** A Slack workspace in the emulator: its own Web API, with people, channels and the installed bot. */
export interface SlackWorkspace {
  readonly url: string;
  readonly teamId: string;
  readonly botUser: string;
  /** Ids by name. */
  readonly people: ReadonlyMap<string, string>;
  readonly channels: ReadonlyMap<string, string>;
  /** Calls a method as one of the people, or as the bot. */
  as(name: string, method: string, parameters: Readonly<Record<string, unknown>>): Promise<Answer>;
  stop(): Promise<void>;
}

export async function startWorkspace(options: WorkspaceOptions): Promise<SlackWorkspace> {
  const port = await freePort();
  const emulator = await createEmulator({ service: "slack", port, seed: { slack: seedOf(options) } });
  const url = `http://127.0.0.1:${port}`;
  const as: SlackWorkspace["as"] = (name, method, parameters) => {
    const token = name === "bot" ? BOT_TOKEN : USER_TOKEN + name;
    return call({ url: `${url}/api/${method}`, token, parameters });
  };
  const identity = await as("bot", "auth.test", {});
  const { members } = await as("bot", "users.list", { limit: 1000 });
  const { channels } = await as("bot", "conversations.list", { limit: 1000, types: "public_channel,private_channel" });
  const known = new Map([...idsByName(channels)]);
  for (const { name, private: secret } of options.channels) {
    if (secret) known.set(name, await privateChannel(as, name, options.people));
  }
  return {
    url,
    teamId: String(identity.team_id),
    botUser: BOT_USER,
    people: idsByName(members),
    channels: known,
    as,
    stop: () => emulator.close(),
  };
}

function seedOf({ people, channels }: WorkspaceOptions) {
  return {
    team: { name: "Demo", domain: "demo" },
    users: people.map(({ name, realName }) => ({ name, real_name: realName })),
    channels: channels.filter((channel) => !channel.private).map(({ name }) => ({ name })),
    oauth_apps: [
      {
        client_id: "demo",
        client_secret: "demo",
        app_id: APP_ID,
        name: "OpenMates Share",
        redirect_uris: [],
        bot_id: BOT_ID,
        bot_user_id: BOT_USER,
        bot_name: "openmates-share",
      },
    ],
    tokens: [
      { token: BOT_TOKEN, user_id: BOT_USER, bot_id: BOT_ID, app_id: APP_ID, type: "bot" },
      ...people.map(({ name }) => ({ token: USER_TOKEN + name, user: name })),
    ],
  };
}

/** Made by a person, so that the bot is not in it. */
async function privateChannel(as: SlackWorkspace["as"], name: string, people: readonly Person[]): Promise<string> {
  const made = await as(people[0]?.name ?? "bot", "conversations.create", { name, is_private: true });
  const { channel } = made as unknown as { channel: { id: string } }; // The emulator's answer to a creation.
  return channel.id;
}

function idsByName(list: unknown): Map<string, string> {
  const entries = (list ?? []) as readonly { id: string; name: string }[]; // As Slack's lists are.
  return new Map(entries.map(({ id, name }) => [name, id]));
}

async function call(request: {
  url: string;
  token: string;
  parameters: Readonly<Record<string, unknown>>;
}): Promise<Answer> {
  const response = await fetch(request.url, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${request.token}` },
    body: JSON.stringify(request.parameters),
  });
  return (await response.json()) as Answer;
}

/** Below those that systems give to whoever asks for any: nobody gets one by chance before the emulator has it. */
const [LOWEST_PORT, HIGHEST_PORT] = [20_000, 32_000];

/** The emulator wants to know its port beforehand. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = LOWEST_PORT + Math.floor(Math.random() * (HIGHEST_PORT - LOWEST_PORT));
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
