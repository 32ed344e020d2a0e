import type { Slack } from "./slack.ts";

/** Long enough for a busy channel's commands, short enough that a new name shows the same day. */
const KEPT_MS = 60 * 60 * 1000;
/** Names of one workspace kept at most; the oldest go first. */
const KEPT = 5000;

/** Names of people and channels in one workspace. Names that Slack does not tell are remembered as null, too. */
export class NameBook {
  readonly #names = new Map<string, { readonly name: Promise<string | null>; readonly until: number }>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** The same workspace with looked-up names from here. */
  remembering(slack: Slack): Slack {
    return {
      ...slack,
      personName: (user) => this.#lookUp(`person ${user}`, () => slack.personName(user)),
      channelName: (channel) => this.#lookUp(`channel ${channel}`, () => slack.channelName(channel)),
      groupName: (group) => this.#lookUp(`group ${group}`, () => slack.groupName(group)),
    };
  }

  #lookUp(key: string, ask: () => Promise<string | null>): Promise<string | null> {
    const known = this.#names.get(key);
    if (known && known.until > this.#now()) return known.name;
    // A name is never worth failing for: the caller shows something neutral instead.
    const name = ask().catch(() => null);
    this.#names.delete(key);
    this.#names.set(key, { name, until: this.#now() + KEPT_MS });
    this.#shrink();
    return name;
  }

  #shrink(): void {
    const oldest = this.#names.keys().next();
    if (this.#names.size > KEPT && !oldest.done) this.#names.delete(oldest.value);
  }
}
