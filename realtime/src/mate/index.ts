import type { PrismaClient } from "@openmates-share/prisma";
import type { Category, ChatId } from "@openmates-share/protocol/wire";
import type { Bus } from "../cluster/bus.ts";
import type { Log } from "../cluster/redis-line.ts";
import type { MateConfig } from "../config.ts";
import type { RateLimiter } from "../limits/rate-limiter.ts";
import type { Committer } from "../messages/committer.ts";
import type { MessageStore } from "../messages/message-store.ts";
import type { Vault } from "../vault/vault.ts";
import type { AskNews } from "./ask-news.ts";
import { AskStore } from "./ask-store.ts";
import { AskUsage } from "./ask-usage.ts";
import { DemoModel } from "./demo-model.ts";
import { LEASE_MS } from "./lease-keeper.ts";
import { Mate } from "./mate.ts";
import type { Model } from "./model.ts";
import { OpenAiModel, openProvider } from "./openai-model.ts";
import { DEFAULT_QUOTAS, DEMO_QUOTAS } from "./quotas.ts";
import { loadServiceIdentity } from "./service-identity.ts";

export type { AskNews } from "./ask-news.ts";
export type { Mate } from "./mate.ts";

/** The mate as configured; `alone` says that no other process answers on this database. */
export async function openMate(options: {
  config: MateConfig;
  alone: boolean;
  database: PrismaClient;
  vault: Vault;
  committer: Committer;
  messages: MessageStore;
  limiter: RateLimiter;
  bus: Bus;
  news: AskNews;
  categoryOf: (chat: ChatId) => Promise<Category | null>;
  log: Log;
}): Promise<Mate> {
  const { config, alone, database, bus } = options;
  const service = await loadServiceIdentity(options);
  const asks = new AskStore({ database, node: bus.node, leaseMs: LEASE_MS });
  const models = modelsOf(config);
  const quotas = config.quotas ?? (models[0].demo ? DEMO_QUOTAS : DEFAULT_QUOTAS);
  const mate = new Mate({ ...options, asks, usage: new AskUsage({ database }), quotas, service, models });
  if (alone) await mate.giveUpAll();
  return mate;
}

function modelsOf(config: MateConfig): readonly [Model, ...Model[]] {
  if (config.type === "demo") return [new DemoModel()];
  const provider = openProvider(config);
  const [first, ...others] = config.models.map((model) => new OpenAiModel({ ...model, provider }));
  // Without a name there is nothing to ask the endpoint for.
  return first ? [first, ...others] : [new DemoModel()];
}
