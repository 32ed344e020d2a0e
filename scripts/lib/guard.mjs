// Runs one program and ends it when whoever started this guard has gone: the guard's stdin is a pipe from its starter, and
// the system closes it even when the starter is killed. For programs that cannot be told to watch it themselves.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { signal } from "./ending.mjs";

/** @type {import("./guarded.mjs").Guarded} */
const { command, args, account, stop, force, grace, group } = JSON.parse(process.argv[2] ?? "{}");

// Before the program can say that it is ready: whoever ends this guard from then on means the program.
process.on("SIGTERM", () => endChild(stop));
process.on("SIGQUIT", () => endChild(force));

// The group of the guard is its own, so a signal to it was meant for the program.
const child = spawn(command, args, { ...account, stdio: ["ignore", "inherit", "inherit"], detached: true });

child.on("error", (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(127);
});
child.on("exit", (code, name) => process.exit(code ?? 128 + (name === null ? 0 : constants.signals[name])));

process.stdin.on("end", () => endChild(stop));
process.stdin.resume();

/** @param {NodeJS.Signals} name */
function endChild(name) {
  if (child.pid === undefined) return;
  signal(group ? -child.pid : child.pid, name);
  setTimeout(() => endChild(force), grace).unref();
}
