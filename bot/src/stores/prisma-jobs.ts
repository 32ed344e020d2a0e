import { randomUUID } from "node:crypto";
import type { PrismaClient } from "@openmates-share/prisma";
import * as v from "valibot";
import { type Job, type JobStore, jobSchema } from "../delivery/jobs.ts";
import type { BotKey } from "./bot-key.ts";

export function prismaJobs({ database, key }: { database: PrismaClient; key: BotKey }): JobStore {
  const seal = (id: string, job: Job) =>
    key.seal({ team: job.team, name: `job ${id}` }, new TextEncoder().encode(JSON.stringify(job)));
  const until = (milliseconds: number) => new Date(Date.now() + milliseconds);
  return {
    async begin(job, milliseconds) {
      const id = randomUUID();
      await database.botJob.create({
        data: { id, teamId: job.team, sealed: seal(id, job), leasedUntil: until(milliseconds) },
      });
      return id;
    },
    async change(id, job) {
      await database.botJob.updateMany({ where: { id }, data: { sealed: seal(id, job) } });
    },
    async hold(id, milliseconds) {
      await database.botJob.updateMany({ where: { id }, data: { leasedUntil: until(milliseconds) } });
    },
    async end(id) {
      await database.botJob.deleteMany({ where: { id } });
    },
    /** One statement: of two nodes that look at the same time, one gets the row. */
    async takeOver(milliseconds) {
      const lease = `${milliseconds} milliseconds`;
      const [row] = await database.$queryRaw<{ id: string; team_id: string; sealed: Uint8Array }[]>`
        UPDATE bot_jobs SET leased_until = now() + ${lease}::interval
        WHERE id = (SELECT id FROM bot_jobs WHERE leased_until <= now() ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING id::text, team_id, sealed`;
      if (!row) return null;
      const opened = key.open({ team: row.team_id, name: `job ${row.id}` }, row.sealed);
      return {
        id: row.id,
        job: v.parse(v.pipe(v.string(), v.parseJson(), jobSchema), new TextDecoder().decode(opened)),
      };
    },
  };
}
