import { createHmac } from "node:crypto";

/**
 * The headers by which an app knows that a request is Slack's: HMAC-SHA-256 over version, time and body
 * (docs.slack.dev, "Verifying requests from Slack").
 *
 * @param request.timestamp seconds since 1970
 * @param request.body exactly as it is sent
 */
export function signatureHeaders(request: { secret: string; timestamp: number; body: string }): Record<string, string> {
  const { secret, timestamp, body } = request;
  const mac = createHmac("sha256", secret).update(`v0:${timestamp}:${body}`).digest("hex");
  return { "x-slack-request-timestamp": String(timestamp), "x-slack-signature": `v0=${mac}` };
}
