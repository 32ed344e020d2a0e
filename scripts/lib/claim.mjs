import { existsSync } from "node:fs";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { end } from "./ending.mjs";
import { codeOf, Problem } from "./problem.mjs";
import { identify, isRunning } from "./process-identity.mjs";

/**
 * What a start writes down about itself.
 * @typedef {import("./process-identity.mjs").ProcessIdentity} ProcessIdentity
 * @typedef {{ owner: ProcessIdentity, children: ProcessIdentity[] }} Note
 */

/** How long what an earlier start left running may take to end, in milliseconds. */
const GRACE = 15_000;

/** The sole right to use a data directory, from the moment it is claimed to its release or this process's end. */
export class Claim {
  #file;
  /** @type {Note} */
  #note;

  /**
   * @param {string} file
   * @param {Note} note
   */
  constructor(file, note) {
    this.#file = file;
    this.#note = note;
  }

  /**
   * Takes the directory, which is made when it is not there. What a start that was killed left running is ended first.
   * @param {string} dataDir
   * @throws {Problem} when another start is using it, or nothing can be written there
   */
  static async take(dataDir) {
    const file = join(dataDir, "start.lock");
    const owner = identify(process.pid);
    if (owner === null) throw new Error("this process is not to be found");
    /** @type {Note} */
    const note = { owner, children: [] };
    for (;;) {
      if (await create({ dataDir, file, note })) return new Claim(file, note);
      const other = await readNote(file);
      if (other !== null && isRunning(other.owner)) throw new Problem(taken(dataDir, other.owner.pid));
      for (const child of other?.children ?? []) {
        await end(child, { ask: "SIGTERM", force: "SIGKILL", grace: GRACE });
      }
      await rm(file, { force: true });
    }
  }

  /**
   * Writes down a child, for a later start to end it should it outlive us.
   * @param {number | undefined} pid
   */
  async add(pid) {
    const child = pid === undefined ? null : identify(pid);
    if (child === null) return;
    this.#note.children.push(child);
    const draft = `${this.#file}.${process.pid}`;
    await writeFile(draft, JSON.stringify(this.#note), { mode: 0o600 });
    await rename(draft, this.#file);
  }

  /** May be called twice. */
  async release() {
    await rm(this.#file, { force: true });
  }
}

/**
 * @param {{ dataDir: string, file: string, note: Note }} options
 * @returns {Promise<boolean>} false when there is a note already
 */
async function create({ dataDir, file, note }) {
  const draft = `${file}.${process.pid}`;
  try {
    await makeFolder(dataDir);
    await writeFile(draft, JSON.stringify(note), { mode: 0o600 });
  } catch (error) {
    throw new Problem(
      `Nothing can be written to DATA_DIR=${dataDir} (${codeOf(error)}). Choose another folder: DATA_DIR=… npm start`,
    );
  }
  try {
    // Of two that try, one succeeds, and nobody ever reads half a note.
    await link(draft, file);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/**
 * With those above it. Node's own way to do that never ends below `/proc`, where folders are missing and can't be made.
 * @param {string} path
 */
async function makeFolder(path) {
  try {
    await mkdir(path);
  } catch (error) {
    if (codeOf(error) === "EEXIST") return;
    if (codeOf(error) !== "ENOENT" || dirname(path) === path || existsSync(dirname(path))) throw error;
    await makeFolder(dirname(path));
    await mkdir(path);
  }
}

/**
 * @param {string} file
 * @returns {Promise<Note | null>} null when it is gone or damaged
 */
async function readNote(file) {
  try {
    const note = JSON.parse(await readFile(file, "utf8"));
    return typeof note?.owner?.pid === "number" && Array.isArray(note.children) ? note : null;
  } catch (error) {
    if (error instanceof SyntaxError || codeOf(error) === "ENOENT") return null;
    throw error;
  }
}

/**
 * @param {string} dataDir
 * @param {number} pid
 */
function taken(dataDir, pid) {
  return `OpenMates Share is already running with the data in ${dataDir} (process ${pid}). Stop that one, or give this one a folder and a port of its own: DATA_DIR=… PORT=… npm start`;
}
