import * as v from "valibot";

const callback = v.object({ type: v.literal("event_callback"), event_id: v.pipe(v.string(), v.maxLength(100)) });

const limited = v.object({ type: v.literal("app_rate_limited"), team_id: v.string() });

/** The workspace of whose events Slack keeps some back, as it says; null for everything else. */
export function missedIn(body: unknown): string | null {
  return v.is(limited, body) ? body.team_id : null;
}

/** Slack's name for an event, the same each time it is sent; null for commands, clicks and forms, which are sent once. */
export function eventIdOf(body: unknown): string | null {
  return v.is(callback, body) ? body.event_id : null;
}
