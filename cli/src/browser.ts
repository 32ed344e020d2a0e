import { spawn } from "node:child_process";
import { platform } from "node:os";

/** What opens an address on each system; without a shell, which would read it. */
const OPENERS: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ["open"],
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
};

/** Opens an address in the person's browser, if there is one; nobody is told when there is not. */
export function openBrowser(url: string): void {
  const [command, ...before] = OPENERS[platform()] ?? ["xdg-open"];
  const child = spawn(command, [...before, url], { stdio: "ignore", detached: true });
  child.on("error", () => undefined);
  child.unref();
}
