import type { Api } from "./api.ts";

type Clocks = Pick<Api, "clockAhead">;

/**
 * A time by this device's clock as the server's has it. The server's clock ends links, and "in an hour" is an hour on it also
 * where this one is wrong by days.
 */
export function onServer(time: number | null, { clockAhead }: Clocks): number | null {
  return time === null ? null : time + clockAhead;
}

/** The end of a link by this device's clock, which is what it is shown and compared with. */
export function endingHere<Link extends { readonly expiresAt: number | null }>(
  link: Link,
  { clockAhead }: Clocks,
): Link {
  return link.expiresAt === null ? link : { ...link, expiresAt: link.expiresAt - clockAhead };
}
