import type { LieWorld, WorldOptions } from "./lie-world.ts";

/** What people see of a lie. */
export const SEEN = {
  altered: "This is not what was shared. Don’t rely on it.",
  broken: "This message can’t be shown.",
  unable: "Unable to decrypt. Please verify the link and password (if required).",
  notOpened: "This chat can’t be opened",
  file: "This file is not what was shared",
  cut: "This file is not whole.",
  undescribed: "This cannot be decrypted with that key.",
  fileOfAnother: "This file belongs to another chat.",
  fileOfNobody: "This was not made by the person whose it is said to be.",
} as const;

export interface Lie {
  readonly rule: string;
  readonly what: string;
  readonly world?: WorldOptions;
  /** Whether the reader was there before, when nobody lied. */
  readonly returning?: boolean;
  /** Before that visit. */
  readonly prepare?: (world: LieWorld) => Promise<void>;
  readonly tell: (world: LieWorld) => void | Promise<void>;
  /** The client's code. */
  readonly code: string;
  readonly seen: keyof typeof SEEN;
  /** What must not come out, neither on the screen nor from the client. */
  readonly hidden?: string;
}
