import * as v from "valibot";

/** The environment, read as it stands; what it means is decided in `config.ts`. Empty is the same as absent. */
export interface Env {
  readonly HOST?: string;
  readonly PORT?: number;
  readonly PUBLIC_URL?: string;
  readonly DATABASE_URL: string;
  readonly DATABASE_POOL?: number;
  readonly REDIS_URL?: string;
  readonly DATA_DIR?: string;
  readonly VIEWER_DIR?: string;
  readonly VAULT_KEY?: string;
  readonly OPENAI_API_KEY?: string;
  readonly OPENAI_BASE_URL?: string;
  readonly OPENAI_MODEL?: string;
  readonly OPENAI_MODEL_LIMITS?: string;
  readonly MATE_PER_PERSON?: string;
  readonly MATE_PER_CHAT?: string;
  readonly MATE_PER_SERVER?: string;
  readonly SMTP_URL?: string;
  readonly MAIL_FROM?: string;
  readonly GOOGLE_CLIENT_ID?: string;
  readonly GOOGLE_CLIENT_SECRET?: string;
  readonly GOOGLE_DESKTOP_CLIENT_ID?: string;
  readonly GOOGLE_DESKTOP_CLIENT_SECRET?: string;
  readonly GOOGLE_ENDPOINTS?: string;
  readonly NODE_ENV?: string;
  readonly LOG_LEVEL?: (typeof LOG_LEVELS)[number];
  readonly TRUSTED_PROXIES?: number;
  readonly METRICS_PORT?: number;
  readonly METRICS_HOST?: string;
}

export const LOG_LEVELS = ["silent", "error", "warn", "info", "debug"] as const;

export class EnvError extends Error {
  override readonly name = "EnvError";
  readonly code = "bad_env";
  readonly retryable = false;
}

function whole(range: { min: number; max: number }) {
  return v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number), v.minValue(range.min), v.maxValue(range.max));
}

function url(...protocols: readonly string[]) {
  return v.pipe(
    v.string(),
    v.check((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol)),
  );
}

/** Paths of links are put behind it. */
function isRoot(text: string): boolean {
  const { username, pathname, search, hash } = new URL(text);
  return pathname === "/" && `${username}${search}${hash}` === "";
}

const text = v.exactOptional(v.string());

/** `id=context` or `id=context/answer`, with commas between; `*` is every other model. */
const modelLimits = v.pipe(
  v.string(),
  v.regex(/^\s*[^\s,=]+=[1-9]\d{2,7}(?:\/[1-9]\d{0,7})?(?:\s*,\s*[^\s,=]+=[1-9]\d{2,7}(?:\/[1-9]\d{0,7})?)*\s*,?\s*$/),
);

/** What may be asked: `asks=50 tokens=300000 at-once=2`, any of them. */
const allowance = v.pipe(
  v.string(),
  v.regex(/^\s*(?:asks|tokens|at-once)=(?:\d{1,9}|none)(?:\s+(?:asks|tokens|at-once)=(?:\d{1,9}|none))*\s*$/),
);

const schema = v.object({
  HOST: text,
  PORT: v.exactOptional(whole({ min: 0, max: 65_535 })),
  PUBLIC_URL: v.exactOptional(v.pipe(url("http:", "https:"), v.check(isRoot))),
  DATABASE_URL: url("postgres:", "postgresql:"),
  DATABASE_POOL: v.exactOptional(whole({ min: 1, max: 1000 })),
  REDIS_URL: v.exactOptional(url("redis:", "rediss:", "unix:")),
  DATA_DIR: text,
  VIEWER_DIR: text,
  VAULT_KEY: text,
  OPENAI_API_KEY: text,
  OPENAI_BASE_URL: v.exactOptional(url("http:", "https:")),
  OPENAI_MODEL: text,
  OPENAI_MODEL_LIMITS: v.exactOptional(modelLimits),
  MATE_PER_PERSON: v.exactOptional(allowance),
  MATE_PER_CHAT: v.exactOptional(allowance),
  MATE_PER_SERVER: v.exactOptional(allowance),
  SMTP_URL: v.exactOptional(url("smtp:", "smtps:")),
  // `Name <address>` or an address alone; nothing that could begin another header.
  MAIL_FROM: v.exactOptional(
    v.pipe(v.string(), v.regex(/^(?:[^<>\p{Cc}]*<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/u)),
  ),
  GOOGLE_CLIENT_ID: text,
  GOOGLE_CLIENT_SECRET: text,
  GOOGLE_DESKTOP_CLIENT_ID: text,
  GOOGLE_DESKTOP_CLIENT_SECRET: text,
  GOOGLE_ENDPOINTS: v.exactOptional(url("http:", "https:")),
  NODE_ENV: text,
  LOG_LEVEL: v.exactOptional(v.picklist(LOG_LEVELS)),
  TRUSTED_PROXIES: v.exactOptional(whole({ min: 0, max: 100 })),
  METRICS_PORT: v.exactOptional(whole({ min: 0, max: 65_535 })),
  METRICS_HOST: text,
});

const ALLOWANCE = "asks=…, tokens=… and at-once=… (numbers, or none), with blanks between,";

/** What each variable has to be, for the sentence about one that is not. */
const EXPECTED: Partial<Record<keyof Env, string>> = {
  PORT: "a number from 0 to 65535",
  PUBLIC_URL: "an http or https URL without a path",
  DATABASE_URL: "a postgres URL",
  DATABASE_POOL: "a number of connections",
  REDIS_URL: "a redis URL",
  OPENAI_BASE_URL: "an http or https URL",
  OPENAI_MODEL_LIMITS: "id=context tokens or id=context/answer tokens, with commas between,",
  MATE_PER_PERSON: ALLOWANCE,
  MATE_PER_CHAT: ALLOWANCE,
  MATE_PER_SERVER: ALLOWANCE,
  SMTP_URL: "an smtp or smtps URL",
  MAIL_FROM: "an e-mail address, or a name and <address>",
  GOOGLE_ENDPOINTS: "an http or https URL",
  LOG_LEVEL: `one of ${LOG_LEVELS.join(", ")}`,
  TRUSTED_PROXIES: "a number of proxies",
  METRICS_PORT: "a number from 0 to 65535",
};

/** @throws EnvError with a sentence that names the variable and not its value, which may be a secret */
export function readEnv(environment: NodeJS.ProcessEnv): Env {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const result = v.safeParse(schema, given, { abortEarly: true });
  if (result.success) return result.output;
  const name = String(result.issues[0].path?.[0]?.key) as keyof Env;
  const expected = EXPECTED[name] ?? "text";
  throw new EnvError(`${name} ${given[name] === undefined ? "is not set" : "is not valid"}: ${expected} is expected.`);
}
