import { expect, test } from "vitest";
import { readConfig } from "./env.ts";

const whole = {
  SLACK_BOT_TOKEN: "xoxb-1",
  SLACK_SIGNING_SECRET: "secret",
  SERVER_URL: "http://127.0.0.1:4000",
  DATABASE_URL: "postgresql://db",
};

test("reads HTTP mode with its defaults", () => {
  expect(readConfig(whole)).toEqual({
    line: { type: "http", host: "127.0.0.1", port: 4001, signingSecret: "secret" },
    tenancy: { type: "one", botToken: "xoxb-1" },
    serverUrl: "http://127.0.0.1:4000",
    databaseUrl: "postgresql://db",
    botKey: null,
    dataDir: ".data",
    slackApiUrl: null,
    logLevel: "info",
  });
});

test("takes Socket Mode when there is an app token", () => {
  expect(readConfig({ ...whole, SLACK_APP_TOKEN: "xapp-1" }).line).toEqual({ type: "socket", appToken: "xapp-1" });
});

test("lets many workspaces install the app, over HTTP, when there is a client", () => {
  const { SLACK_BOT_TOKEN: _, ...rest } = whole;
  const client = { SLACK_CLIENT_ID: "1.2", SLACK_CLIENT_SECRET: "c", SLACK_APP_TOKEN: "xapp-1" };
  const config = readConfig({ ...rest, ...client, BOT_PUBLIC_URL: "https://bot.example.org/" });
  const publicUrl = "https://bot.example.org";
  expect(config.tenancy).toEqual({ type: "many", clientId: "1.2", clientSecret: "c", publicUrl });
  expect(config.line).toMatchObject({ type: "http" });
  expect(readConfig({ ...rest, ...client }).tenancy).toMatchObject({ publicUrl: null });
});

test("takes the port 0, and empty variables for absent ones", () => {
  expect(readConfig({ ...whole, BOT_PORT: "0" }).line).toMatchObject({ port: 0 });
  const config = readConfig({ ...whole, BOT_PORT: "", BOT_KEY: " ", SLACK_API_URL: "", DATA_DIR: "", LOG_LEVEL: "" });
  expect(config).toMatchObject({ botKey: null, slackApiUrl: null, dataDir: ".data", logLevel: "info" });
  expect(config.line).toMatchObject({ port: 4001 });
});

test.each([
  [{ SLACK_BOT_TOKEN: "" }, "SLACK_BOT_TOKEN is not set"],
  [{ SLACK_SIGNING_SECRET: "" }, "SLACK_APP_TOKEN (or SLACK_SIGNING_SECRET) is not set"],
  [{ SLACK_CLIENT_ID: "1.2" }, "SLACK_CLIENT_SECRET is not set"],
  [
    { SLACK_CLIENT_SECRET: "c", SLACK_SIGNING_SECRET: "", SLACK_APP_TOKEN: "xapp-1" },
    "SLACK_CLIENT_ID and SLACK_SIGNING_SECRET (many workspaces come over HTTP) are not set",
  ],
  [{ SERVER_URL: "", DATABASE_URL: "" }, "SERVER_URL and DATABASE_URL are not set"],
  [{ SERVER_URL: "not an address" }, "SERVER_URL has a value"],
  [{ SLACK_BOT_TOKEN: "xapp-1-secret" }, "SLACK_BOT_TOKEN does not begin with xoxb-"],
  [{ SLACK_APP_TOKEN: "xoxb-secret" }, "SLACK_APP_TOKEN does not begin with xapp-"],
  [{ BOT_PORT: "70000" }, "BOT_PORT has a value"],
  [{ BOT_PORT: "4001x" }, "BOT_PORT has a value"],
  [{ LOG_LEVEL: "loud" }, "LOG_LEVEL has a value"],
])("says what is missing or unreadable, and quotes nothing: %j", (change, message) => {
  const read = () => readConfig({ ...whole, ...change });
  expect(read).toThrow(
    expect.objectContaining({ code: "bad_configuration", message: expect.stringContaining(message) }),
  );
  expect(read).not.toThrow(/not an address|70000|4001x|loud|secret/u);
});
