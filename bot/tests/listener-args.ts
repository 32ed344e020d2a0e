import { LogLevel, webApi } from "@slack/bolt";
import { liftSecrets } from "../src/firewall/lift-secrets.ts";
import { QuietLogger } from "../src/quiet-logger.ts";

type Json = Readonly<Record<string, unknown>>;

/** What Bolt would call a listener with, for a payload that has come through the firewall; nothing is sent anywhere. */
export function listenerArgs(payload: Json) {
  const log: string[] = [];
  const acks: unknown[] = [];
  const body = liftSecrets(payload);
  return {
    log,
    acks,
    /** Typed by the listener that gets it: each reads its own part of the payload. */
    args: {
      body,
      command: body,
      view: body.view,
      event: body.event,
      ack: async (answer?: unknown) => void acks.push(answer),
      client: new webApi.WebClient(),
      context: { isEnterpriseInstall: false },
      logger: new QuietLogger({ level: LogLevel.DEBUG, write: (line) => log.push(line) }),
    } as never,
  };
}
