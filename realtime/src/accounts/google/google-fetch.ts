import { GoogleError, googleAway, googleRefused } from "./google-error.ts";

/** Somebody is waiting. Milliseconds. */
const PATIENCE = 8_000;
/** Answers have a few thousand bytes. */
const LARGEST = 256 << 10;

export interface GoogleAnswer {
  readonly body: unknown;
  readonly headers: Headers;
}

/**
 * One question to Google, answered in JSON.
 * @throws GoogleError `refused` for a status below 500 that is no success, `away` for everything else
 */
export async function askGoogle(
  url: string,
  init: { method?: string; body?: URLSearchParams } = {},
): Promise<GoogleAnswer> {
  try {
    const response = await fetch(url, { ...init, redirect: "error", signal: AbortSignal.timeout(PATIENCE) });
    const text = await readAtMost(response);
    if (response.status >= 500 || response.status === 429) throw googleAway();
    if (!response.ok) throw googleRefused();
    return { body: JSON.parse(text) as unknown, headers: response.headers };
  } catch (error) {
    throw error instanceof GoogleError ? error : googleAway(error);
  }
}

async function readAtMost(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > LARGEST) throw googleAway();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
