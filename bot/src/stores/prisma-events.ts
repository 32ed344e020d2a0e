import type { PrismaClient } from "@openmates-share/prisma";
import { EVENT_KEPT_MS, type EventStore } from "../delivery/intake.ts";

/** Of so many events, one sweeps those that Slack will not send again. */
const SWEEP_EVERY = 100;

export function prismaEvents(database: PrismaClient): EventStore {
  let taken = 0;
  return {
    async claim(eventId) {
      const { count } = await database.botEvent.createMany({ data: [{ eventId }], skipDuplicates: true });
      taken += 1;
      if (taken % SWEEP_EVERY === 1) {
        await database.botEvent.deleteMany({ where: { seenAt: { lt: new Date(Date.now() - EVENT_KEPT_MS) } } });
      }
      return count === 1;
    },
    async release(eventId) {
      await database.botEvent.deleteMany({ where: { eventId } });
    },
  };
}
