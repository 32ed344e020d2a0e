// Loaded before a program of ours (node --import). It ends the program as SIGTERM would when the process that started it has
// gone: then the channel between the two closes, even when the starter was killed.

/** How long the program may take to finish in order, in milliseconds. */
const GRACE = 10_000;

process.once("disconnect", () => {
  process.kill(process.pid, "SIGTERM");
  setTimeout(() => process.kill(process.pid, "SIGKILL"), GRACE).unref();
});
// Listening alone must not keep a program alive that has finished.
process.channel?.unref();
