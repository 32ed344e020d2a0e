import type { Result } from "@openmates-share/protocol/wire";
import * as v from "valibot";
import type { Log } from "../cluster/redis-line.ts";
import { isUnavailable, unavailable } from "../http/database-failure.ts";
import { asWireFailure, WireFailure } from "../http/failure.ts";
import type { RateLimit, RateLimiter } from "../limits/rate-limiter.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { AnswerTo, ClientEvent, Line } from "./line.ts";

/** How one event is handled: its shape, how often it may come, and what it does. */
export interface EventHandler<E extends ClientEvent, Request> {
  readonly event: E;
  readonly schema: v.GenericSchema<unknown, Request>;
  readonly limit: RateLimit;
  /** @throws WireFailure, which the client gets as it is */
  handle(line: Line, request: Request): Promise<AnswerTo<E>>;
}

export interface Answering {
  readonly limiter: RateLimiter;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** Answers one event of a client, always and with a Result; whatever it sends, nothing is thrown. */
export type Listener = (line: Line, args: readonly unknown[], answering: Answering) => void;

/** What listens to an event, by the event's name. */
export function listener<E extends ClientEvent, Request>(handler: EventHandler<E, Request>): [string, Listener] {
  return [
    handler.event,
    (line, args, answering) => {
      const reply = acknowledgement(args);
      void answerTo({ line, handler, input: args[0], answering }).then(reply);
    },
  ];
}

/** The last argument, if the client asked for an answer at all. */
export function acknowledgement(args: readonly unknown[]): (result: Result<object>) => void {
  const last = args.at(-1);
  return typeof last === "function" ? (result) => void last(result) : () => {};
}

async function answerTo<E extends ClientEvent, Request>(options: {
  line: Line;
  handler: EventHandler<E, Request>;
  input: unknown;
  answering: Answering;
}): Promise<Result<object>> {
  const { line, handler, input, answering } = options;
  try {
    // Counted before it is looked at: what is no request costs, too.
    await take(answering.limiter, { limit: handler.limit, source: line.data.source });
    const request = parse(handler.schema, input);
    return { ok: true, ...(await handler.handle(line, request)) };
  } catch (error) {
    const failure = asWireFailure(isUnavailable(error) ? unavailable(error) : error);
    if (failure.code === "internal")
      answering.log.error({ err: failure.cause, event: handler.event }, "an event failed");
    answering.metrics.onRefusal("socket", failure.code);
    return { ok: false, error: failure.toWire() };
  }
}

function parse<Request>(schema: v.GenericSchema<unknown, Request>, input: unknown): Request {
  const parsed = v.safeParse(schema, input);
  if (parsed.success) return parsed.output;
  // Where, never what: values may be somebody's words.
  const where = v.getDotPath(parsed.issues[0]);
  throw new WireFailure("bad_request", where ? `This request is not valid: ${where}.` : "This request is not valid.");
}

/** @throws WireFailure `rate_limited` */
export async function take(
  limiter: RateLimiter,
  request: { limit: RateLimit; source: string; cost?: number },
): Promise<void> {
  const wait = await limiter.take(request);
  if (wait === 0) return;
  const message = `That was too much at once. Please try again in ${wait} seconds.`;
  throw new WireFailure("rate_limited", message, { retryAfter: wait });
}
