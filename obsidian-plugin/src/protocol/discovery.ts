/** Where the daemon is: what `daemon.json` in its home folder says, read anew at each connect. */

export interface Address {
  readonly port: number;
  readonly token: string;
  /** The daemon's version; unknown where a person gave port and token. */
  readonly version: string | null;
  /** The protocol's major version. */
  readonly protocol: number;
}

/** What starts the daemon, after the command that `install.json` names: it ends by itself when nobody uses it. */
export const START_ARGUMENTS = ["serve", "--started-by-client"] as const;

/** The address in the text of a `daemon.json`; null where it is none. */
export function parseAddress(text: string): Address | null {
  const found = record(text);
  if (found === null) return null;
  const { port, token, version, protocol } = found;
  if (typeof port !== "number" || !Number.isInteger(port) || port < 1 || port > 65_535) return null;
  if (typeof token !== "string" || !/^[\w~+/.=-]+$/.test(token)) return null;
  if (typeof version !== "string" || typeof protocol !== "number") return null;
  return { port, token, version, protocol };
}

/** The absolute path of the command `commonplace` in the text of an `install.json`; null where it is none. */
export function parseInstalled(text: string): string | null {
  const command = record(text)?.["command"];
  return typeof command === "string" && isAbsolute(command) ? command : null;
}

/** The daemon's home folder: the one that is set, else COMMONPLACE_HOME, else `~/.commonplace`. */
export function homeFolder(set: string, environment: Readonly<Record<string, string | undefined>>, user: string): string {
  const chosen = set || environment["COMMONPLACE_HOME"] || `${user}/.commonplace`;
  return chosen === "~" || chosen.startsWith("~/") ? user + chosen.slice(1) : chosen;
}

function isAbsolute(path: string): boolean {
  return path.startsWith("/") || /^[A-Za-z]:[\\/]/.test(path) || path.startsWith("\\\\");
}

function record(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
