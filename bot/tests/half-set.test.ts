import { expect, test } from "vitest";
import { readConfig } from "../src/env.ts";

/** `npm start` and the bot itself read the same variables: whatever is set, they have to agree on what is missing. */

const NAMES = ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"];
const VALUES: Readonly<Record<string, string>> = { SLACK_BOT_TOKEN: "xoxb-hush", SLACK_APP_TOKEN: "xapp-hush" };
const PLACES = { SERVER_URL: "http://127.0.0.1:4000", DATABASE_URL: "postgresql://db" };

const settings: typeof import("../../scripts/lib/settings.mjs") = await import(
  new URL("../../scripts/lib/settings.mjs", import.meta.url).href
);

type Env = Readonly<Record<string, string>>;

const tokenOf = (name: string) => VALUES[name] ?? "hush";
const envOf = (names: readonly string[]): Env => Object.fromEntries(names.map((name) => [name, tokenOf(name)]));

/** Every choice of the five. */
const CHOICES = Array.from({ length: 2 ** NAMES.length }, (_, bits) => NAMES.filter((_, at) => bits & (1 << at)));

function saidByStart(env: Env): string | null {
  return settings.readSettings(env, { root: "/", cwd: "/" }).slack?.missing ?? null;
}

function saidByBot(env: Env): string | null {
  try {
    readConfig({ ...env, ...PLACES });
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
}

/** What a sentence names first: of "A (or B)" and "A or B", one is enough. */
function wantedBy(sentence: string): string[] {
  const [first = ""] = sentence.replaceAll(/\([^)]*\)/gu, "").split(/ or |;/u, 1);
  return NAMES.filter((name) => new RegExp(`${name}\\b`, "u").test(first));
}

test("nothing is said where nothing is set: then there is to be no bot", () => {
  expect(settings.readSettings({}, { root: "/", cwd: "/" }).slack).toBeNull();
});

const SET = CHOICES.filter((names) => names.length > 0).map((names) => [names] as const);

test.each(SET)("with %j set, both say what is missing, or neither", (names) => {
  const env = envOf(names);
  const [start, bot] = [saidByStart(env), saidByBot(env)];
  expect(start === null).toBe(bot === null);
  for (const sentence of [start, bot]) {
    if (sentence === null) continue;
    expect(sentence).not.toMatch(/hush|\n/u);
    // What is set is not asked for again, and with what is asked for the bot starts.
    expect(wantedBy(sentence)).not.toEqual([]);
    expect(wantedBy(sentence).filter((name) => name in env)).toEqual([]);
    expect(saidByBot({ ...env, ...envOf(wantedBy(sentence)) })).toBeNull();
  }
});
