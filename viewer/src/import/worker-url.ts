import workerUrl from "./import-worker.ts?worker&url";

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

// Not in the DOM library's types yet; absent in browsers that do not enforce Trusted Types.
const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
const policy = trustedTypes?.createPolicy("openmates-share-worker", { createScriptURL: (url) => url });

/** The worker's address, known when this was built: the one script address that the app ever vouches for. */
export function startImportWorker(): Worker {
  return new Worker(policy ? policy.createScriptURL(workerUrl) : workerUrl, { type: "module" });
}
