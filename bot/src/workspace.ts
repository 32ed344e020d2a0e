import { type LinkFacts, lookAt, ShareClient } from "@openmates-share/client";
import type { JobStore } from "./delivery/jobs.ts";
import { Turns } from "./delivery/turns.ts";
import type { Access, BotAccess, Origin } from "./installations/access.ts";
import type { MirrorStore } from "./mirror/mirror.ts";
import { NameBook } from "./slack/name-book.ts";
import { Pace } from "./slack/pace.ts";
import type { Slack } from "./slack/slack.ts";
import type { CardStore } from "./stores/card-store.ts";
import type { ShareStore, Stores, UnfurlStore } from "./stores/stores.ts";

/** What the bot uses of the client; it is a client like the viewer. */
export type Sharing = Pick<
  ShareClient,
  | "service"
  | "share"
  | "chats"
  | "preview"
  | "embedPreview"
  | "revokeLink"
  | "createLink"
  | "deleteChat"
  | "reopen"
  | "updateShared"
  | "uploadEmbed"
  | "openEmbed"
  | "embeds"
>;

/** What asking the mate takes of a client. */
export type Asking = Pick<ShareClient, "share" | "reopen" | "deleteChat">;

/** One Slack workspace: everything that a use case needs. */
export interface Workspace {
  readonly team: string;
  readonly slack: Slack;
  readonly sharing: Sharing;
  readonly shares: ShareStore;
  readonly unfurls: UnfurlStore;
  readonly jobs: JobStore;
  readonly cards: CardStore;
  readonly mirrors: MirrorStore;
  /** A person's own client: who asks the mate pays for it. */
  readonly asking: (user: string) => Asking;
  /** What a link shows, without opening it. */
  readonly lookAt: (link: string) => Promise<LinkFacts>;
  /** For what must not be done twice at a time. */
  readonly turns: Turns;
  /** Who the bot is there. */
  readonly self: { readonly botId: string; readonly botUser: string };
}

/** How the bot speaks to Slack with somebody's token. */
export type SlackFor = (access: BotAccess, pace: Pace) => Slack;

interface Known {
  readonly sharing: ShareClient;
  readonly names: NameBook;
  readonly pace: Pace;
  readonly turns: Turns;
  /** The organisation that the workspace belongs to; null for none, undefined before somebody has looked. */
  enterprise: string | null | undefined;
}

/** Under this name a workspace's secrets have the organisation that it belongs to: the app may be installed there alone. */
const ENTERPRISE = "enterprise";

/** People who may have an answer under way at a time; each has a connection of their own. */
const PEOPLE_KEPT = 200;

/** Keeps one client, one book of names and one pace for every workspace. */
export class Workspaces {
  readonly #server: string;
  readonly #stores: Stores;
  readonly #access: Access;
  readonly #slackFor: SlackFor;
  readonly #known = new Map<string, Known>();
  readonly #people = new Map<string, ShareClient>();

  constructor(options: { server: string; stores: Stores; access: Access; slackFor: SlackFor }) {
    this.#server = options.server;
    this.#stores = options.stores;
    this.#access = options.access;
    this.#slackFor = options.slackFor;
  }

  /** For a request that was let in already. */
  of(team: string, access: BotAccess): Workspace {
    const { sharing, names, pace, turns } = this.#knownOrNew(team);
    const { shares, unfurls, jobs, cards, mirrors } = this.#stores;
    const self = { botId: access.botId, botUser: access.botUser };
    const slack = names.remembering(this.#slackFor(access, pace));
    const look = (link: string) => lookAt(this.#server, link);
    const asking = (user: string) => this.#personal(team, user);
    return { team, self, slack, sharing, shares, unfurls, jobs, cards, mirrors, asking, lookAt: look, turns };
  }

  /** For work that nobody asks for at the moment. @throws BotError `not_installed` */
  async enter(origin: Origin & { readonly team: string }): Promise<Workspace> {
    const { team } = origin;
    const enterpriseId = (await this.#enterpriseOf(team)) ?? undefined;
    return this.of(team, await this.#access.of({ teamId: team, enterpriseId, ...origin }));
  }

  /** What the bot shares with, for a workspace that may not let it in any more. */
  sharingOf(team: string): Sharing {
    return this.#knownOrNew(team).sharing;
  }

  /** Remembers by which organisation a workspace can be entered, for work that nobody asks for. */
  async note(team: string, enterprise: string): Promise<void> {
    if ((await this.#enterpriseOf(team)) === enterprise) return;
    await this.#stores.secrets(team).set(ENTERPRISE, new TextEncoder().encode(enterprise));
    this.#knownOrNew(team).enterprise = enterprise;
  }

  /** The organisation has taken the workspace from the app. */
  async forgetEnterprise(team: string): Promise<void> {
    await this.#stores.secrets(team).delete(ENTERPRISE);
    this.#knownOrNew(team).enterprise = null;
  }

  /** Drops what is kept of a workspace in memory. */
  async leave(team: string): Promise<void> {
    const people = [...this.#people].filter(([name]) => name.startsWith(`${team}/`));
    for (const [name] of people) this.#people.delete(name);
    const clients = [this.#known.get(team)?.sharing, ...people.map(([, client]) => client)];
    this.#known.delete(team);
    await Promise.all(clients.map((client) => client?.close()));
  }

  async #enterpriseOf(team: string): Promise<string | null> {
    const known = this.#knownOrNew(team);
    if (known.enterprise === undefined) {
      const noted = await this.#stores.secrets(team).get(ENTERPRISE);
      known.enterprise = noted && new TextDecoder().decode(noted);
    }
    return known.enterprise;
  }

  async close(): Promise<void> {
    const clients = [...[...this.#known.values()].map(({ sharing }) => sharing), ...this.#people.values()];
    await Promise.all(clients.map((client) => client.close()));
    this.#known.clear();
    this.#people.clear();
  }

  /** One per person and workspace; those that nobody has asked with for longest are closed. */
  #personal(team: string, user: string): ShareClient {
    const name = `${team}/${user}`;
    const known =
      this.#people.get(name) ?? new ShareClient({ server: this.#server, store: this.#stores.secrets(name) });
    this.#people.delete(name);
    this.#people.set(name, known);
    const [oldest] = this.#people;
    if (this.#people.size > PEOPLE_KEPT && oldest) {
      this.#people.delete(oldest[0]);
      void oldest[1].close();
    }
    return known;
  }

  #knownOrNew(team: string): Known {
    const known = this.#known.get(team);
    if (known) return known;
    const sharing = new ShareClient({ server: this.#server, store: this.#stores.secrets(team) });
    const made = { sharing, names: new NameBook(), pace: new Pace(), turns: new Turns(), enterprise: undefined };
    this.#known.set(team, made);
    return made;
  }
}
