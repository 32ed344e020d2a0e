import type { Job, JobStore } from "../delivery/jobs.ts";

export function memoryJobs(now: () => number): JobStore {
  const jobs = new Map<string, { job: Job; until: number }>();
  let last = 0;
  return {
    async begin(job, milliseconds) {
      const id = String(++last);
      jobs.set(id, { job, until: now() + milliseconds });
      return id;
    },
    async change(id, job) {
      const held = jobs.get(id);
      if (held) jobs.set(id, { ...held, job });
    },
    async hold(id, milliseconds) {
      const held = jobs.get(id);
      if (held) jobs.set(id, { ...held, until: now() + milliseconds });
    },
    async end(id) {
      jobs.delete(id);
    },
    async takeOver(milliseconds) {
      const found = [...jobs].find(([, { until }]) => until <= now());
      if (!found) return null;
      const [id, { job }] = found;
      jobs.set(id, { job, until: now() + milliseconds });
      return { id, job };
    },
  };
}
