import { randomBytes } from "node:crypto";
import { memoryStore, messageText, type Room, type RoomState, ShareClient } from "@openmates-share/client";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { freePort } from "@openmates-share/testing/free-port";
import { type ServerProcess, startServer } from "@openmates-share/testing/server-process";
import { SlackStub } from "../demo/slack-stub.ts";
import type { Tenancy } from "../src/config.ts";
import { BotKey } from "../src/stores/bot-key.ts";
import { prismaStores } from "../src/stores/prisma-stores.ts";
import { PEOPLE, type RunningBot, startWithSlack } from "./running-bot.ts";

/** A message as Slack shows it. */
export interface Shown {
  readonly ts: string;
  readonly user: string;
  readonly text: string;
  readonly username?: string;
  readonly blocks?: readonly object[];
  readonly reactions?: readonly { name: string; users: readonly string[] }[];
  readonly files?: readonly { id: string; name: string; url_private: string }[];
}

/** What anything may take on a busy machine. */
const PATIENCE_MS = 60_000;

/** A thread and a chat, both ways, on the real server and database, with Tim as the one who came by the link. */
export class MirroredThread {
  /** @param options.tenancy that of a bot with its token in the environment unless told */
  static async start(options: { tenancy?: Tenancy } = {}): Promise<MirroredThread> {
    const database = await createTestDatabase();
    const env = { PORT: String(await freePort()) };
    const server = await startServer({ databaseUrl: database.databaseUrl, env });
    const host = new URL(server.url).hostname;
    const channels = [{ name: "general" }, { name: "random" }];
    const slack = await SlackStub.start({ people: PEOPLE, channels, unfurlDomains: [host] });
    const mirrored = new MirroredThread({ database, server, slack, ...options });
    for (const { name } of PEOPLE) {
      await slack.workspace.as(name, "conversations.join", { channel: slack.channel("general") });
    }
    mirrored.bot = await mirrored.startBot();
    return mirrored;
  }

  readonly database: TestDatabase;
  readonly slack: SlackStub;
  readonly tenancy: Tenancy | undefined;
  readonly key = new BotKey(randomBytes(32));
  /** Another one once it was started anew. */
  server: ServerProcess;
  bot!: RunningBot; // Set by `start`.
  guest!: ShareClient; // These two and the thread: by `begin`.
  room!: Room;
  thread = "";
  /** The chat's link, with its key. */
  url = "";

  readonly #firstServer: ServerProcess;

  private constructor(parts: {
    database: TestDatabase;
    server: ServerProcess;
    slack: SlackStub;
    tenancy?: Tenancy;
  }) {
    this.tenancy = parts.tenancy;
    this.database = parts.database;
    this.server = parts.server;
    this.#firstServer = parts.server;
    this.slack = parts.slack;
  }

  /** A bot on the database; the last one started is the one that Slack tells. */
  startBot(): Promise<RunningBot> {
    const { tenancy } = this;
    return startWithSlack({
      ...{ serverUrl: this.server.url, slackStub: this.slack, stores: this.stores() },
      ...(tenancy ? { tenancy } : {}),
    });
  }

  /** What the bots remember, once more: to be closed by who asks for it. */
  stores() {
    return prismaStores({ databaseUrl: this.database.databaseUrl, key: this.key });
  }

  /** Ends the server as a crash does. */
  killServer(): Promise<void> {
    return this.server.kill();
  }

  /** And starts it anew, where it was. */
  async restartServer(): Promise<void> {
    const { dataDir, url } = this.server;
    const env = { PORT: new URL(url).port };
    this.server = await startServer({ databaseUrl: this.database.databaseUrl, dataDir, env });
  }

  /** Ada writes something that Grace answers, mirrors it, and Tim comes in by the link. */
  async begin(text: string, answer?: string): Promise<void> {
    const { slack } = this;
    const before = this.posts().length;
    this.thread = (await slack.say({ person: "ada", channel: "general", text })).ts;
    if (answer) await slack.reply({ person: "grace", channel: "general", thread: this.thread, text: answer });
    await this.mirror();
    await slack.until("the boundary", () => this.posts()[before]);
    await this.settled();
    const [, url = ""] = /"url":"([^"]+)"/u.exec(JSON.stringify(this.posts()[before]?.parameters)) ?? [];
    this.url = url;
    this.guest = new ShareClient({ server: this.server.url, store: memoryStore() });
    this.room = await this.guest.open(url, { name: "Tim" });
    await this.room.whenLive();
    await this.room.join("Tim");
  }

  /** Chosen from the message's menu. */
  async mirror(): Promise<void> {
    const message = { ts: this.thread, user: this.slack.person("ada"), text: "" };
    await this.slack.messageShortcut({ person: "ada", channel: "general", callback: "mirror_thread", message });
  }

  /** Tim leaves. */
  async leave(): Promise<void> {
    this.room?.close();
    await this.guest?.close();
  }

  async stop(): Promise<void> {
    await this.leave();
    await this.bot?.bot.stop();
    await this.slack.stop();
    await this.server.stop();
    await this.#firstServer.stop();
    await this.database.stop();
  }

  /** Somebody answers in the thread, and Slack tells the app. */
  async say(person: string, text: string): Promise<string> {
    const ts = await this.slack.reply({ person, channel: "general", thread: this.thread, text });
    await this.tell({ type: "message", user: this.slack.person(person), ts, text });
    return ts;
  }

  /** Slack tells the app of something in the thread; resolves when it is dealt with. */
  async tell(event: object): Promise<void> {
    await this.slack.sendEvent({ channel: this.slack.channel("general"), thread_ts: this.thread, ...event });
    await this.settled();
  }

  async settled(): Promise<void> {
    await this.bot.bot.idle();
    await this.bot.bot.mirrored();
  }

  async inSlack(): Promise<readonly Shown[]> {
    const request = { channel: this.slack.channel("general"), ts: this.thread };
    const { messages } = await this.slack.workspace.as("bot", "conversations.replies", request);
    return messages as readonly Shown[]; // Slack's shape.
  }

  /** What the thread says in the words of those who write in the chat, in order. */
  async relayed(): Promise<string[]> {
    return (await this.inSlack()).filter(({ username }) => username).map(({ text }) => text);
  }

  posts() {
    return this.slack.calls.filter(({ method }) => method === "chat.postMessage");
  }

  /** Resolves once the chat says something that fits; complains with what it says when it never does. */
  until(fits: (state: RoomState) => boolean): Promise<RoomState> {
    const { room, bot } = this;
    return new Promise((resolve, reject) => {
      const complaint = () =>
        `The chat says ${inChat(room.state).join(" | ")}; the bot: ${bot.log.slice(-5).join(" | ")}`;
      const patience = setTimeout(() => reject(new Error(complaint())), PATIENCE_MS);
      let end = () => {};
      const look = (state: RoomState) => {
        if (!fits(state)) return;
        clearTimeout(patience);
        end();
        resolve(state);
      };
      end = room.subscribe(look);
      look(room.state);
    });
  }

  /** Resolves once this line stands in the chat. */
  untilSaid(line: string): Promise<RoomState> {
    return this.until((state) => inChat(state).includes(line));
  }
}

/** What the chat says, by whom; without what changes messages. */
export function inChat({ messages }: RoomState): string[] {
  return messages.loaded.flatMap(({ body }) => {
    if (body.type === "redacted") return ["(taken back)"];
    if (body.type !== "content" || body.content.type !== "message") return [];
    return [`${body.content.name}: ${messageText(body.content)}`];
  });
}
