// Loaded into a program before its own code: at SIGUSR2 it forgets what nothing refers to any more, and says so to COLLECTED_FOR
// by the same signal. What is measured knows nothing of it.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

process.on("SIGUSR2", () => {
  // The second time goes what the first one has only found.
  collect();
  collect();
  process.kill(Number(process.env.COLLECTED_FOR), "SIGUSR2");
});
