import { readFile } from "node:fs/promises";
import { brotliCompressSync, constants } from "node:zlib";

/**
 * What a file weighs on its way, in KB of 1,000 bytes, compressed as hard as a server would that does it once.
 * @param {string} path
 */
export async function brotliKilobytes(path) {
  const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
  return brotliCompressSync(await readFile(path), options).length / 1000;
}
