/**
 * Does the jobs in their order, some at a time, and waits for all of them also when one fails.
 * @param {readonly (() => Promise<void>)[]} jobs
 * @param {number} lanes how many at a time
 * @throws what the first one that failed threw
 */
export async function sideBySide(jobs, lanes) {
  const queue = [...jobs];
  const lane = async () => {
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) await job();
  };
  const ends = await Promise.allSettled(Array.from({ length: lanes }, lane));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}
