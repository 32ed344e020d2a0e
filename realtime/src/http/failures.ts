import type { Socket } from "node:net";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { isUnavailable, unavailable } from "./database-failure.ts";
import { asWireFailure, WireFailure } from "./failure.ts";
import type { Parts } from "./parts.ts";
import { SECURITY_HEADERS } from "./security-headers.ts";

/** Turns everything thrown, and everything that no route answers, into the one shape of a refusal. */
export function answerFailures(app: FastifyInstance, { metrics }: Pick<Parts, "metrics">): void {
  app.setErrorHandler((error: FastifyError | WireFailure, request, reply) => {
    const failure = failureOf(error);
    metrics.onRefusal("http", failure.code);
    // Only what is ours to mend is logged, and of that the kind alone: a message may quote what was being handled.
    if (failure.code === "internal" || failure.code === "unavailable") {
      request.log.error({ route: request.routeOptions.url, kind: kindOf(error) }, "request failed");
    }
    return sendFailure(reply, failure);
  });
  app.setNotFoundHandler((request: FastifyRequest, reply) => {
    if (!isApi(request)) return reply.code(404).type("text/plain; charset=utf-8").send("There is nothing here.\n");
    return sendFailure(reply, new WireFailure("not_found", "There is no such request."));
  });
}

/** For addresses so broken that no route and no hook gets to see them. */
export function answerUnreadable(_error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  reply.headers(SECURITY_HEADERS);
  sendFailure(reply, new WireFailure("bad_request", "The address of this request cannot be read."));
}

/** For what is no HTTP, or not all of it in time: there is no reply yet, so this is written by hand. */
export function answerUnparsable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  const [status, failure] = unparsable(error.code);
  const body = JSON.stringify(failure.toWire());
  const headers = {
    ...SECURITY_HEADERS,
    "cache-control": "no-store",
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(body),
    connection: "close",
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status}\r\n${lines.join("")}\r\n${body}`);
}

function unparsable(code: string | undefined): [status: string, WireFailure] {
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return [
        "431 Request Header Fields Too Large",
        new WireFailure("too_large", "The headers of this request are too large."),
      ];
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return ["408 Request Timeout", new WireFailure("bad_request", "This request did not come in time.")];
    default:
      return ["400 Bad Request", new WireFailure("bad_request", "This is not a request that can be read.")];
  }
}

function sendFailure(reply: FastifyReply, failure: WireFailure): FastifyReply {
  if (failure.retryAfter !== null) reply.header("retry-after", String(failure.retryAfter));
  return reply
    .code(failure.status)
    .header("cache-control", "no-store")
    .type("application/json; charset=utf-8")
    .send(failure.toWire());
}

function failureOf(error: FastifyError | WireFailure): WireFailure {
  if (error instanceof WireFailure) return error;
  if (isUnavailable(error)) return unavailable(error);
  switch (error.code) {
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return new WireFailure("too_large", "The body is larger than this request may be.", { cause: error });
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return new WireFailure("bad_request", "The Content-Type is not one that this request takes.", { cause: error });
    case "FST_ERR_CTP_EMPTY_JSON_BODY":
    case "FST_ERR_CTP_INVALID_JSON_BODY":
      return new WireFailure("bad_request", "The body is not JSON.", { cause: error });
  }
  const { statusCode = 500 } = error;
  if (statusCode < 500) return new WireFailure("bad_request", "The server cannot read this request.", { cause: error });
  return asWireFailure(error);
}

function kindOf(error: Error): string {
  const kind = error instanceof WireFailure && error.cause instanceof Error ? error.cause : error;
  const code = "code" in kind && typeof kind.code === "string" ? ` ${kind.code}` : "";
  return `${kind.name}${code}`;
}

function isApi(request: FastifyRequest): boolean {
  return request.raw.url === "/api" || (request.raw.url?.startsWith("/api/") ?? false);
}
