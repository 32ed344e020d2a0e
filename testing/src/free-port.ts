import { once } from "node:events";
import { createServer } from "node:net";

/** Below those that systems give to whoever asks for any (Linux from 32768, others from 49152): nobody gets one by chance. */
const [LOWEST, HIGHEST] = [20_000, 32_000];

/** A port of the loopback that nothing listens on now: for programs that cannot choose one themselves, or that come back. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
