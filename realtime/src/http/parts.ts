import type { ServiceInfo } from "@openmates-share/protocol/wire";
import type { Accounts } from "../accounts/accounts.ts";
import type { Addresses } from "../accounts/addresses.ts";
import type { Codes } from "../accounts/codes.ts";
import type { Google } from "../accounts/google/google.ts";
import type { Sessions } from "../accounts/sessions.ts";
import type { SignIn } from "../accounts/sign-in.ts";
import type { SyncedKeyrings } from "../accounts/synced-keyrings.ts";
import type { Chats } from "../chats/chats.ts";
import type { Membership } from "../chats/membership.ts";
import type { Successions } from "../chats/successions.ts";
import type { EmbedLinks } from "../embeds/embed-links.ts";
import type { EmbedParts } from "../embeds/embed-parts.ts";
import type { EmbedPreviews } from "../embeds/embed-previews.ts";
import type { Embeds } from "../embeds/embeds.ts";
import type { RateLimiter } from "../limits/rate-limiter.ts";
import type { Epochs } from "../links/epochs.ts";
import type { Invitations } from "../links/invitations.ts";
import type { Links } from "../links/links.ts";
import type { Views } from "../links/views.ts";
import type { Mailer } from "../mail/mailer.ts";
import type { Erasures } from "../messages/erasures.ts";
import type { Uploads } from "../messages/uploads.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { Previews } from "../preview/previews.ts";

/** What the routes call. */
export interface Parts {
  readonly sessions: Sessions;
  readonly accounts: Accounts;
  readonly addresses: Addresses;
  readonly codes: Codes;
  readonly signIn: SignIn;
  /** Null where it is not offered. */
  readonly google: Google | null;
  readonly keyrings: SyncedKeyrings;
  readonly mailer: Mailer;
  readonly chats: Chats;
  readonly uploads: Uploads;
  readonly erasures: Erasures;
  readonly links: Links;
  readonly views: Views;
  readonly epochs: Epochs;
  readonly successions: Successions;
  readonly membership: Membership;
  readonly invitations: Invitations;
  readonly previews: Previews;
  readonly embeds: Embeds;
  readonly embedParts: EmbedParts;
  readonly embedLinks: EmbedLinks;
  readonly embedPreviews: EmbedPreviews;
  readonly limiter: RateLimiter;
  readonly metrics: Metrics;
  /** Whether the database answers. */
  readonly isReady: () => Promise<boolean>;
  /** Known once the server listens, before which nobody asks. */
  readonly service: () => ServiceInfo;
}
