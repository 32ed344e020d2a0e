import type { ServiceInfo } from "@openmates-share/protocol/wire";
import type { Sessions } from "../accounts/sessions.ts";
import type { Chats } from "../chats/chats.ts";
import type { RateLimiter } from "../limits/rate-limiter.ts";
import type { Links } from "../links/links.ts";
import type { Uploads } from "../messages/uploads.ts";
import type { Previews } from "../preview/previews.ts";

/** What the routes call. */
export interface Parts {
  readonly sessions: Sessions;
  readonly chats: Chats;
  readonly uploads: Uploads;
  readonly links: Links;
  readonly previews: Previews;
  readonly limiter: RateLimiter;
  /** Whether the database answers. */
  readonly isReady: () => Promise<boolean>;
  /** Known once the server listens, before which nobody asks. */
  readonly service: () => ServiceInfo;
}
