import { Problem } from "./problem.mjs";

/** The oldest Node that has what we use (`engines` in package.json says the same). */
const OLDEST = [20, 19];

/** @throws {Problem} when this Node is too old */
export function checkNodeVersion(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new Problem(
    `OpenMates Share needs Node.js ${OLDEST.join(".")} or newer, and this is ${version}. Get a newer one from https://nodejs.org and try again.`,
  );
}
