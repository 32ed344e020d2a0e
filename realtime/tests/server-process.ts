import { type ServerProcess, startServer } from "@openmates-share/testing/server-process";

export type { ServerProcess };

/** The built server in the environment that it gets. Killed, it leaves nothing behind. */
export async function startServerProcess(
  environment: Readonly<Record<string, string>> & { readonly DATABASE_URL: string },
): Promise<ServerProcess> {
  const { DATABASE_URL: databaseUrl, ...env } = environment;
  const server = await startServer({ databaseUrl, env });
  const kill = async () => {
    await server.kill();
    await server.stop();
  };
  return { ...server, kill };
}
