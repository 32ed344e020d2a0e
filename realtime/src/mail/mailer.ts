import type { Address } from "../accounts/address.ts";

/** One mail to one person. */
export interface MailMessage {
  readonly to: Address;
  /** One line. */
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** After so many milliseconds it is not worth sending any more. */
  readonly goodFor: number;
}

export type MailErrorCode =
  /** The mail server takes it from nobody or for nobody: another try would end alike. */
  | "refused"
  /** More is waiting already than is kept. */
  | "busy"
  /** This server sends no mail. */
  | "not_offered";

export class MailError extends Error {
  override readonly name = "MailError";
  readonly code: MailErrorCode;
  readonly retryable: boolean;

  constructor(code: MailErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.retryable = code === "busy";
  }
}

/** The one door for mail. */
export interface Mailer {
  /** False where no mail can be sent at all. */
  readonly offered: boolean;
  /**
   * `sent`: a mail server has taken it. `delayed`: none did yet, and it is tried again for as long as it is good. What waits
   * is kept in memory alone, since a mail may hold a code or a key, and is gone when the process ends.
   * @throws MailError
   */
  send(message: MailMessage): Promise<"sent" | "delayed">;
  /** What waits is given up; may be called twice. */
  stop(): Promise<void>;
}

/** Where no mail can be sent. */
export const NO_MAILER: Mailer = {
  offered: false,
  send: async () => {
    throw new MailError("not_offered", "This server sends no mail.");
  },
  stop: async () => {},
};
