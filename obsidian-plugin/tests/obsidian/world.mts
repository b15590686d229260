/** A daemon of its own for the app, in a home folder of its own; its model is the reader, which needs no weights. */

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const PYTHON = process.env["COMMONPLACE_PYTHON"] ?? resolve(import.meta.dirname, "../../../.venv/bin/python");
/** Whoever has no daemon within so many seconds gets none. */
const PATIENCE = 60;

let home: string | null = null;
let daemon: ChildProcess | null = null;

/** Starts it. The app and the tests are children of this process, so they find it by COMMONPLACE_HOME. */
export async function startWorld(): Promise<void> {
  home = await mkdtemp(join(tmpdir(), "commonplace-obsidian-"));
  process.env["COMMONPLACE_HOME"] = home;
  daemon = spawn(PYTHON, ["-m", "commonplace", "serve"], { stdio: "inherit", env: process.env });
  for (let second = 0; second < PATIENCE; second += 1) {
    if (existsSync(join(home, "daemon.json"))) return;
    if (daemon.exitCode !== null) break;
    await sleep(1_000);
  }
  await stopWorld();
  throw new Error(`No daemon came up. Type: make .venv/.ready-test (it makes ${PYTHON})`);
}

export async function stopWorld(): Promise<void> {
  daemon?.kill();
  if (home !== null) await rm(home, { recursive: true, force: true });
  [daemon, home] = [null, null];
}
