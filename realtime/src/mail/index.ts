import type { FastifyInstance } from "fastify";
import type { Log } from "../cluster/redis-line.ts";
import type { MailConfig } from "../config.ts";
import { DevelopmentMailer } from "./development-mailer.ts";
import { type Mailer, NO_MAILER } from "./mailer.ts";
import { SmtpMailer } from "./smtp-mailer.ts";

/** The way out for mail that the configuration names; in development with its page. */
export function openMailer(
  app: FastifyInstance,
  options: { config: MailConfig; print: (text: string) => void; log: Log },
): Mailer {
  const { config, print, log } = options;
  switch (config.type) {
    case "smtp":
      return new SmtpMailer({ ...config, log });
    case "development": {
      const mailer = new DevelopmentMailer({ print });
      mailer.routes(app);
      return mailer;
    }
    case "none":
      return NO_MAILER;
  }
}
