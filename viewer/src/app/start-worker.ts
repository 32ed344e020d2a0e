interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

// Not in the DOM library's types yet; absent in browsers that do not enforce Trusted Types.
const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
const policy = trustedTypes?.createPolicy("openmates-share-worker", { createScriptURL: (url) => url });

/**
 * The one place where the app vouches for a script's address.
 * @param url as `?worker&url` gave it, known when this was built: never one that came from a text or a person
 */
export function startWorker(url: string): Worker {
  return new Worker(policy ? policy.createScriptURL(url) : url, { type: "module" });
}
