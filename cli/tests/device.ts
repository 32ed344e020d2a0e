import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Outcome } from "./fake-terminal.ts";

const BIN = fileURLToPath(new URL("../bin/omshare.js", import.meta.url));

export interface RunOptions {
  readonly input?: string;
  /** Called with all of stdout so far whenever there is more, to do something to the process. */
  readonly onOutput?: (stdout: string, child: ChildProcess) => void;
  /** The process is interrupted as by Ctrl-C when this resolves. */
  readonly interruptAt?: Promise<unknown>;
}

/** A device of its own: a directory of keys, and the real command run as a process. */
export class Device {
  readonly home: string;
  readonly #server: string;

  static async create(server: string): Promise<Device> {
    return new Device(await mkdtemp(join(tmpdir(), "omshare-device-")), server);
  }

  private constructor(home: string, server: string) {
    this.home = home;
    this.#server = server;
  }

  async run(args: readonly string[], { input = "", onOutput, interruptAt }: RunOptions = {}): Promise<Outcome> {
    const env = { PATH: process.env.PATH, OMSHARE_HOME: this.home, OMSHARE_SERVER: this.#server };
    const child = spawn(process.execPath, [BIN, ...args], { env, stdio: ["pipe", "pipe", "pipe"] });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
      onOutput?.(stdout, child);
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      stderr += chunk;
    });
    // A command that reads nothing may have ended before this is written.
    child.stdin.on("error", () => undefined).end(input);
    void interruptAt?.then(() => child.kill("SIGINT"));
    const [code] = (await once(child, "close")) as [number];
    return { code, stdout, stderr };
  }

  /** Runs what has to work, and returns its result. */
  async result(args: readonly string[], options: RunOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await this.run(args, options);
    if (code !== 0) throw new Error(`omshare ${args[0]} ended with ${code}: ${stderr}`);
    return stdout.trimEnd();
  }

  async forget(): Promise<void> {
    await rm(this.home, { recursive: true, force: true });
  }
}
