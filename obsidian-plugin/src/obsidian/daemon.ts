/** The daemon as Obsidian reaches it: its files read with Node, its command started without a shell. */

import { type App, Platform } from "obsidian";

import type { DaemonHelp } from "../chat/host";
import { type Address, START_ARGUMENTS, homeFolder, parseAddress, parseInstalled } from "../protocol/discovery";
import type { Settings } from "../settings";

/** Where the daemon is now: the port and token of the settings, else what daemon.json says. */
export async function discover(app: App, settings: Settings): Promise<Address | null> {
  if (settings.port !== 0) {
    const token = app.secretStorage.getSecret(settings.tokenSecret) ?? "";
    return parseAddress(JSON.stringify({ port: settings.port, token, version: "unknown", protocol: 1 }));
  }
  const text = await readHomeFile(settings, "daemon.json");
  return text === null ? null : parseAddress(text);
}

export function daemonHelp(settings: () => Settings): DaemonHelp {
  return {
    installCommand: Platform.isWin
      ? "uv tool install .; commonplace serve"
      : "uv tool install . && commonplace serve",
    startCommand: async () => {
      const installed = await readInstalled(settings());
      return installed === null ? null : `${quoted(installed)} serve`;
    },
    start: inFlatpak() ? null : () => start(settings()),
  };
}

/** Starts the daemon by its absolute path; it outlives Obsidian. */
async function start(settings: Settings): Promise<void> {
  const installed = await readInstalled(settings);
  if (installed === null || !Platform.isDesktop) throw new Error("No command is known.");
  const { spawn } = await import("node:child_process");
  await new Promise<void>((resolve, reject) => {
    const child = spawn(installed, START_ARGUMENTS, { detached: true, stdio: "ignore", shell: false });
    child.once("error", reject);
    child.once("spawn", () => {
      child.unref();
      resolve();
    });
  });
}

async function readInstalled(settings: Settings): Promise<string | null> {
  const text = await readHomeFile(settings, "install.json");
  return text === null ? null : parseInstalled(text);
}

async function readHomeFile(settings: Settings, name: string): Promise<string | null> {
  if (!Platform.isDesktop) return null;
  const [{ readFile }, { homedir }] = await Promise.all([import("node:fs/promises"), import("node:os")]);
  const home = homeFolder(settings.home, process.env, homedir());
  return readFile(`${home}/${name}`, "utf8").catch(() => null);
}

/** In a Flatpak no program of the system can be started. */
function inFlatpak(): boolean {
  return Platform.isLinux && process.env["FLATPAK_ID"] !== undefined;
}

/** As one types it: no shell finds more in it than a path. */
function quoted(path: string): string {
  if (/^[\w@%+=:,./\\-]+$/.test(path)) return path;
  return Platform.isWin ? `"${path}"` : `'${path.replaceAll("'", "'\\''")}'`;
}
