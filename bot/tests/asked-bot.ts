import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { startModel, type TestModel } from "@openmates-share/testing/model";
import { type ServerProcess, startServer } from "@openmates-share/testing/server-process";
import type { SlackStub } from "../demo/slack-stub.ts";
import { PEOPLE, type RunningBot, startWithSlack } from "./running-bot.ts";

/** An answer of the bot's as Slack shows it. */
export interface ShownAnswer {
  readonly ts: string;
  readonly user: string;
  readonly text: string;
  readonly blocks?: readonly object[];
  readonly metadata?: object;
}

/** The bot on the real server, in a channel where people mention it. */
export class AskedBot {
  /** @param options.model "told": one that does as the test says; "demo": the server's own */
  static async start(options: { model: "told" | "demo" }): Promise<AskedBot> {
    const [database, model] = await Promise.all([
      createTestDatabase(),
      options.model === "told" ? startModel() : undefined,
    ]);
    const server = await startServer({ databaseUrl: database.databaseUrl, ...(model ? { env: model.env } : {}) });
    const asked = new AskedBot({ database, model, server, running: await startWithSlack({ serverUrl: server.url }) });
    const channel = asked.slack.channel("general");
    for (const { name } of PEOPLE) await asked.slack.workspace.as(name, "conversations.join", { channel });
    return asked;
  }

  readonly database: TestDatabase;
  readonly server: ServerProcess;
  readonly running: RunningBot;
  readonly #model: TestModel | undefined;

  private constructor(parts: {
    database: TestDatabase;
    model: TestModel | undefined;
    server: ServerProcess;
    running: RunningBot;
  }) {
    this.database = parts.database;
    this.server = parts.server;
    this.running = parts.running;
    this.#model = parts.model;
  }

  get slack(): SlackStub {
    return this.running.slack;
  }

  get model(): TestModel {
    if (!this.#model) throw new Error("This bot asks the server's own demo.");
    return this.#model;
  }

  /** What Slack heard and whom it told is forgotten, and it streams no messages. */
  forget(): void {
    this.slack.streamMessages(false);
    this.slack.calls.length = 0;
    this.slack.whispers.length = 0;
  }

  /**
   * Ada mentions the bot, in a thread if one is told, and Slack tells it; what comes of it takes its time.
   *
   * @param mention.over what stands otherwise in Slack's event
   */
  async mention(words: string, mention: { thread?: string; text?: string; over?: object } = {}): Promise<string> {
    const { slack } = this;
    const { thread, text = `<@${slack.workspace.botUser}> ${words}`, over = {} } = mention;
    const said = { person: "ada", channel: "general", text };
    const ts = thread ? await slack.reply({ ...said, thread }) : (await slack.say(said)).ts;
    const place = { channel: slack.channel("general"), ts, ...(thread ? { thread_ts: thread } : {}) };
    await slack.sendEvent({ type: "app_mention", user: slack.person("ada"), ...place, text, ...over });
    return ts;
  }

  /** The bot's messages in a thread, once it is done with everything. */
  async answersIn(thread: string): Promise<readonly ShownAnswer[]> {
    const { slack, running } = this;
    await running.bot.idle();
    const request = { channel: slack.channel("general"), ts: thread };
    const { messages } = await slack.workspace.as("bot", "conversations.replies", request);
    return (messages as readonly ShownAnswer[]).filter(({ user }) => user === slack.workspace.botUser); // Slack's shape.
  }

  async stop(): Promise<void> {
    await this.running.stop();
    await this.server.stop();
    await this.#model?.stop();
    await this.database.stop();
  }
}
