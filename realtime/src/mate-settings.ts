import type { Env } from "./env.ts";
import type { TokenLimits } from "./mate/model.ts";
import { type Allowance, DEFAULT_QUOTAS, DEMO_QUOTAS, type Quotas } from "./mate/quotas.ts";

export interface ModelConfig {
  readonly id: string;
  /** As people read it. */
  readonly name: string;
  /** What is usual unless told. */
  readonly limits?: TokenLimits;
}

/** The model that answers: any OpenAI-compatible endpoint, or the built-in demo. */
export type MateConfig = (
  | {
      readonly type: "openai";
      readonly apiKey: string;
      /** Null for the provider's own. */
      readonly baseUrl: string | null;
      /** The first is the default. */
      readonly models: readonly ModelConfig[];
    }
  | { readonly type: "demo" }
) & {
  /** The usual ones unless told; for the demo these are none. */
  readonly quotas?: Quotas;
};

/** What a compatible endpoint is asked for when nobody names a model. */
const DEFAULT_MODEL = "gpt-4.1-mini";

/** An endpoint without a key is one of one's own (a local model), and gets a key that says nothing. */
export function mateOf(env: Env): MateConfig {
  const { OPENAI_API_KEY, OPENAI_BASE_URL } = env;
  if (OPENAI_API_KEY === undefined && OPENAI_BASE_URL === undefined) {
    return { type: "demo", quotas: quotasOf(env, DEMO_QUOTAS) };
  }
  const models = modelsIn(env.OPENAI_MODEL ?? DEFAULT_MODEL, limitsIn(env.OPENAI_MODEL_LIMITS ?? ""));
  return {
    type: "openai",
    apiKey: OPENAI_API_KEY ?? "none",
    baseUrl: OPENAI_BASE_URL ?? null,
    models: models.length > 0 ? models : [{ id: DEFAULT_MODEL, name: DEFAULT_MODEL }],
    quotas: quotasOf(env, DEFAULT_QUOTAS),
  };
}

/** `id`, or `id=Name`, with commas between. */
function modelsIn(list: string, limits: ReadonlyMap<string, TokenLimits>): readonly ModelConfig[] {
  return entriesIn(list).map(({ key: id, value }) => {
    const own = limits.get(id) ?? limits.get("*");
    return { id, name: value || id, ...(own && { limits: own }) };
  });
}

/** `id=context` or `id=context/answer`, with commas between; `*` is every model that is not named. */
function limitsIn(list: string): ReadonlyMap<string, TokenLimits> {
  return new Map(
    entriesIn(list).map(({ key, value }) => {
      const [context = "", answer] = value.split("/");
      return [key, { context: Number(context), answer: answer === undefined ? null : Number(answer) }];
    }),
  );
}

function entriesIn(list: string): readonly { key: string; value: string }[] {
  return list.split(",").flatMap((entry) => {
    const [key = "", ...rest] = entry.split("=");
    return key.trim() === "" ? [] : [{ key: key.trim(), value: rest.join("=").trim() }];
  });
}

function quotasOf({ MATE_PER_PERSON, MATE_PER_CHAT, MATE_PER_SERVER }: Env, usual: Quotas): Quotas {
  return {
    person: allowanceOf(MATE_PER_PERSON, usual.person),
    chat: allowanceOf(MATE_PER_CHAT, usual.chat),
    server: allowanceOf(MATE_PER_SERVER, usual.server),
  };
}

/** `asks=50 tokens=300000 at-once=2`, any of them; `none` is without limit, and what is not named is as usual. */
function allowanceOf(setting: string | undefined, usual: Allowance): Allowance {
  const given = new Map(
    setting
      ?.trim()
      .split(/\s+/)
      .map((word) => word.split("=") as [string, string]),
  );
  const limit = (name: string, otherwise: number | null) => {
    const value = given.get(name);
    if (value === undefined) return otherwise;
    return value === "none" ? null : Number(value);
  };
  return {
    asks: limit("asks", usual.asks),
    tokens: limit("tokens", usual.tokens),
    atOnce: limit("at-once", usual.atOnce),
  };
}
