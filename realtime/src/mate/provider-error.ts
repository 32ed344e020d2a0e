import {
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
  AuthenticationError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
} from "openai";
import { ModelError } from "./model-error.ts";
import { timeOf } from "./quotas.ts";

/**
 * What the `openai` package throws, as a sentence that a person in the room understands. The provider's own text is not
 * passed on: it may quote what was sent, or name accounts.
 */
export function asModelError(error: unknown): ModelError {
  const options = { cause: error };
  if (error instanceof ModelError) return error;
  if (error instanceof APIConnectionTimeoutError) {
    return new ModelError("stalled", "The model took too long to begin its answer. Please try again.", options);
  }
  if (error instanceof APIConnectionError) {
    return new ModelError("unreachable", "The model cannot be reached at the moment. Please try again.", options);
  }
  if (error instanceof APIError) return ofStatus(error);
  return new ModelError("broken", "The model's answer broke off. Please try again.", options);
}

function ofStatus(error: APIError): ModelError {
  const options = { cause: error };
  if (error instanceof AuthenticationError || error instanceof PermissionDeniedError) {
    const message = "The model refused this server's key. Whoever runs the server has to look at its settings.";
    return new ModelError("refused_key", message, options);
  }
  if (error instanceof NotFoundError) {
    const message = "The provider does not know this model. Whoever runs the server has to look at its settings.";
    return new ModelError("no_such_model", message, options);
  }
  if (error instanceof RateLimitError) return ofRateLimit(error);
  if (error.code === "context_length_exceeded" || error.status === 413) {
    const message = "This is too long for the model. Please ask again with fewer or shorter messages.";
    return new ModelError("too_long", message, options);
  }
  if (error.code === "content_filter" || error.code === "content_policy_violation") return filtered(options);
  if (error.status === undefined || error.status >= 500) {
    const retryAfter = secondsIn(error.headers);
    const message = `The model's provider has a problem at the moment. Please try again${when(retryAfter)}.`;
    return new ModelError("broken", message, { ...options, retryAfter });
  }
  return new ModelError("other", "The model's provider refused the request.", options);
}

function ofRateLimit(error: APIError): ModelError {
  const options = { cause: error };
  if (error.code === "insufficient_quota") {
    const message = "The model's quota is used up. Whoever runs the server has to look at its account.";
    return new ModelError("busy", message, options);
  }
  const retryAfter = secondsIn(error.headers);
  const message = `The model is at its limit. Please try again${when(retryAfter) || " in a moment"}.`;
  return new ModelError("busy", message, { ...options, retryAfter });
}

function when(seconds: number | null): string {
  return seconds === null ? "" : ` in ${timeOf(seconds)}`;
}

/** Nobody who waits for longer is still waiting; and a provider's clock may be wrong. Seconds. */
const LONGEST_WAIT = 24 * 60 * 60;

/** `Retry-After` is a number of seconds or a date (RFC 9110 section 10.2.3); OpenAI says it in milliseconds, too. */
function secondsIn(headers: Headers | undefined): number | null {
  const milliseconds = Number(headers?.get("retry-after-ms") || Number.NaN);
  if (milliseconds > 0) return Math.min(Math.ceil(milliseconds / 1000), LONGEST_WAIT);
  const text = headers?.get("retry-after");
  if (!text) return null;
  const seconds = /^\s*\d+(?:\.\d+)?\s*$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000;
  return seconds > 0 ? Math.min(Math.ceil(seconds), LONGEST_WAIT) : null;
}

export function filtered(options?: ErrorOptions): ModelError {
  return new ModelError("filtered", "The model's provider held the answer back by its content rules.", options);
}
