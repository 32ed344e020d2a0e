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
    return new ModelError("too_long", "The conversation is too long for this model.", options);
  }
  if (error.code === "content_filter" || error.code === "content_policy_violation") return filtered(options);
  if (error.status === undefined || error.status >= 500) {
    return new ModelError("broken", "The model's provider has a problem at the moment. Please try again.", options);
  }
  return new ModelError("other", "The model's provider refused the request.", options);
}

function ofRateLimit(error: APIError): ModelError {
  const options = { cause: error };
  if (error.code === "insufficient_quota") {
    const message = "The model's quota is used up. Whoever runs the server has to look at its account.";
    return new ModelError("busy", message, options);
  }
  const seconds = Number(error.headers?.get("retry-after"));
  const when = seconds > 0 && seconds <= 3600 ? `in ${Math.ceil(seconds)} seconds` : "in a moment";
  return new ModelError("busy", `The model is at its limit. Please try again ${when}.`, options);
}

export function filtered(options?: ErrorOptions): ModelError {
  return new ModelError("filtered", "The model's provider held the answer back by its content rules.", options);
}
