/** Opens the page as the daemon serves it, let in as a user's browser is. */

import { execFile } from "node:child_process";
import { promisify } from "node:util";

import type { Browser, Page } from "playwright-core";

import { PYTHON, type Shown, type World } from "./harness";

/** What the user's command prints or does, in the world's home. */
export async function command(world: World, parts: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<string> {
  const env = { ...process.env, COMMONPLACE_HOME: world.home, ...more };
  const { stdout } = await promisify(execFile)(PYTHON, ["-m", "commonplace", ...parts], { env });
  return stdout.trim();
}

export function newCode(world: World): Promise<string> {
  return command(world, ["window", "--code"]);
}

export async function emptyPage(browser: Browser, shown: Shown = {}): Promise<Page> {
  const page = await browser.newPage({
    viewport: { width: shown.width ?? 900, height: shown.height ?? 800 },
    colorScheme: shown.dark === true ? "dark" : "light",
    reducedMotion: shown.reducedMotion === true ? "reduce" : "no-preference",
  });
  return page;
}

export async function openPage(browser: Browser, world: World, shown: Shown = {}): Promise<Page> {
  const [page, code] = await Promise.all([emptyPage(browser, shown), newCode(world)]);
  await page.goto(`http://127.0.0.1:${world.port}/#code=${code}`);
  await page.locator(".commonplace-empty p").waitFor();
  return page;
}
