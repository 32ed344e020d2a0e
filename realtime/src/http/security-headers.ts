import type { FastifyInstance } from "fastify";

/** Everything comes from here, nothing is framed, and no string becomes markup or code but by the viewer's one policy. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  // The diagram's frame alone: everything else refuses to be framed.
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types openmates-share-worker",
].join("; ");

/** What every answer carries, also a refusal. */
export const SECURITY_HEADERS = {
  "content-security-policy": CONTENT_SECURITY_POLICY,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
  // The address of a page names a chat; it is nobody else's business.
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
} as const;

/**
 * For the document that draws diagrams, whose library makes markup and styles from strings. It has no origin, even when
 * it is opened by itself, so it shares nothing with the app; it can fetch our scripts and nothing else, it cannot
 * navigate, open, submit or be framed by others.
 */
export const DIAGRAM_HEADERS = {
  "content-security-policy": [
    "sandbox allow-scripts",
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
  ].join("; "),
  "x-frame-options": "SAMEORIGIN",
} as const;

/**
 * For the document that reaches a member's own model, wherever that is: before it does, it forbids itself every address but the
 * chosen one. It holds no keys, and the app itself keeps to its server.
 */
export const MODEL_HEADERS = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "connect-src http: https:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
    "require-trusted-types-for 'script'",
  ].join("; "),
  "x-frame-options": "SAMEORIGIN",
} as const;

/** The app's scripts are public. A document without an origin may load them only if they say so. */
export const ASSET_HEADERS = {
  "access-control-allow-origin": "*",
  "cross-origin-resource-policy": "cross-origin",
} as const;

export function addSecurityHeaders(app: FastifyInstance): void {
  // With a callback: a promise for each request would cost more than the headers do.
  app.addHook("onRequest", (_request, reply, done) => {
    reply.headers(SECURITY_HEADERS);
    done();
  });
}
