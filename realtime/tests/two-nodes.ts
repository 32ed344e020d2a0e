import { LLMock } from "@copilotkit/aimock";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { startRedis, type TestRedis } from "@openmates-share/testing/redis";
import { type SocketNode, startSocketNode } from "./socket-node.ts";

/** Two nodes on one database and one Redis, with a model that knows a quick and a slow answer. */
export interface TwoNodes {
  readonly world: TestDatabase;
  readonly redis: TestRedis;
  readonly a: SocketNode;
  readonly b: SocketNode;
  /** Where the model listens. */
  readonly modelUrl: string;
  /** One more node; whoever starts it stops it. */
  start(): Promise<SocketNode>;
  stop(): Promise<void>;
}

/** @param options.slow what it says, little by little, to a question with "slow" in it */
export async function startTwoNodes({ slow }: { slow: string }): Promise<TwoNodes> {
  const mock = new LLMock({ port: 0, logLevel: "silent" });
  await mock.start();
  mock.onMessage(/quick/, { content: "A *quick* answer." }, { chunkSize: 5 });
  mock.onMessage(/slow/, { content: slow }, { chunkSize: 10, latency: 15 });
  const [redis, world] = await Promise.all([startRedis(), createTestDatabase()]);
  const modelUrl = `${mock.url}/v1`;
  const mate = { type: "openai", apiKey: "k", baseUrl: modelUrl, models: [{ id: "m", name: "M" }] } as const;
  const start = () => startSocketNode({ databaseUrl: world.databaseUrl, redisUrl: redis.url, mate });
  const [a, b] = await Promise.all([start(), start()]);
  return {
    world,
    redis,
    a,
    b,
    modelUrl,
    start,
    async stop() {
      await Promise.all([a.stop(), b.stop()]);
      await world.stop();
      await redis.stop();
      await mock.stop();
    },
  };
}
