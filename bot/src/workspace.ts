import { ShareClient } from "@openmates-share/client";
import { NameBook } from "./slack/name-book.ts";
import type { Slack } from "./slack/slack.ts";
import type { ShareStore, Stores, UnfurlStore } from "./stores/stores.ts";

/** What the bot uses of the client; it is a client like the viewer. */
export type Sharing = Pick<ShareClient, "service" | "share" | "chats" | "preview" | "revokeLink" | "deleteChat">;

/** One Slack workspace: everything that a use case needs. */
export interface Workspace {
  readonly team: string;
  readonly slack: Slack;
  readonly sharing: Sharing;
  readonly shares: ShareStore;
  readonly unfurls: UnfurlStore;
  /** Who the bot is there. */
  readonly self: { readonly botId: string; readonly botUser: string };
}

/** Keeps one client and one book of names for every workspace. */
export class Workspaces {
  readonly #server: string;
  readonly #stores: Stores;
  readonly #known = new Map<string, { readonly sharing: ShareClient; readonly names: NameBook }>();

  constructor(options: { server: string; stores: Stores }) {
    this.#server = options.server;
    this.#stores = options.stores;
  }

  of({ team, slack, self }: Pick<Workspace, "team" | "slack" | "self">): Workspace {
    const { sharing, names } = this.#knownOrNew(team);
    const { shares, unfurls } = this.#stores;
    return { team, self, slack: names.remembering(slack), sharing, shares, unfurls };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#known.values()].map(({ sharing }) => sharing.close()));
    this.#known.clear();
  }

  #knownOrNew(team: string) {
    const known = this.#known.get(team);
    if (known) return known;
    const sharing = new ShareClient({ server: this.#server, store: this.#stores.secrets(team) });
    const made = { sharing, names: new NameBook() };
    this.#known.set(team, made);
    return made;
  }
}
