import { LLMock } from "@copilotkit/aimock";
import { startModelGate } from "./model-gate.ts";

/** A model behind an OpenAI-compatible endpoint that says what the test wants. */
export interface TestModel {
  /** What makes a server ask it. */
  readonly env: Readonly<Record<"OPENAI_BASE_URL" | "OPENAI_API_KEY" | "OPENAI_MODEL", string>>;
  /** Answers from now on whatever ends with a message that holds `question`, a piece at a time. */
  answer(question: string, reply: Reply): void;
  /**
   * As `answer`, but stops after so many pieces, until what it returns is called: whatever is to be seen in the middle of
   * an answer stays to be seen.
   */
  begin(question: string, reply: Reply & { readonly pieces: number }): () => void;
  /** Refuses the next request with this status, and says when to come again, in seconds. */
  refuseNext(status: number, options?: { retryAfter?: number }): void;
  /** The texts of all messages it was ever sent, request by request. */
  requests(): readonly (readonly string[])[];
  stop(): Promise<void>;
}

export interface Reply {
  readonly text: string;
  /** Between pieces, in milliseconds; 0 unless told. */
  readonly pause?: number;
  /** Characters in a piece; 8 unless told. */
  readonly piece?: number;
  /** Breaks the connection after so many pieces. */
  readonly breakAfter?: number;
  /** Ends as if it had run into its limit. */
  readonly cutOff?: boolean;
}

export async function startModel(): Promise<TestModel> {
  const mock = new LLMock({ port: 0, host: "127.0.0.1", logLevel: "silent" });
  await mock.start();
  const gate = await startModelGate(mock.url);
  const say = (question: string, { text, pause = 0, piece = 8, breakAfter, cutOff = false }: Reply) => {
    const speed = { latency: pause, chunkSize: piece };
    mock.prependFixture({
      match: { userMessage: question },
      response: { content: text, ...(cutOff && { finishReason: "length" }) },
      ...speed,
      ...(breakAfter === undefined ? {} : { truncateAfterChunks: breakAfter }),
    });
  };
  return {
    env: { OPENAI_BASE_URL: `${gate.url}/v1`, OPENAI_API_KEY: "test-model-key", OPENAI_MODEL: "test-model" },
    answer(question, reply) {
      gate.open(question);
      say(question, reply);
    },
    begin(question, { pieces, ...reply }) {
      say(question, reply);
      return gate.hold(question, pieces);
    },
    refuseNext(status, { retryAfter } = {}) {
      let refused = false;
      const isNext = () => {
        const next = !refused;
        refused = true;
        return next;
      };
      const response = { error: { message: "refused" }, status, ...(retryAfter !== undefined && { retryAfter }) };
      mock.prependFixture({ match: { predicate: isNext }, response });
    },
    requests: () => mock.getRequests().map(({ body }) => textsOf(body)),
    async stop() {
      await gate.stop();
      await mock.stop();
    },
  };
}

function textsOf(body: unknown): string[] {
  const messages = typeof body === "object" && body !== null && "messages" in body ? body.messages : [];
  if (!Array.isArray(messages)) return [];
  return messages.map((message: { content?: unknown }) =>
    typeof message.content === "string" ? message.content : JSON.stringify(message.content),
  );
}
