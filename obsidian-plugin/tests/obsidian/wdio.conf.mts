/** The plugin, as built, in the app itself, which is downloaded at the first run. See README.md beside this file. */

import { join, resolve } from "node:path";

import { startWorld, stopWorld } from "./world.mjs";

const PLUGIN = resolve(import.meta.dirname, "../..");

/** The oldest version that the manifest allows, and the newest. */
const VERSIONS = (process.env["OBSIDIAN_VERSIONS"] ?? "earliest latest").split(" ");

export const config: WebdriverIO.Config = {
  runner: "local",
  framework: "mocha",
  specs: ["./*.e2e.ts"],
  // One after the other: they share a daemon.
  maxInstances: 1,
  capabilities: VERSIONS.map((version) => ({
    browserName: "obsidian",
    browserVersion: version,
    "wdio:obsidianOptions": { plugins: [join(PLUGIN, "dist")], vault: join(import.meta.dirname, "vault") },
  })),
  services: ["obsidian"],
  reporters: ["obsidian"],
  mochaOpts: { ui: "bdd", timeout: 120_000 },
  waitforTimeout: 30_000,
  logLevel: "warn",
  cacheDir: join(PLUGIN, "node_modules/.cache/obsidian"),
  onPrepare: startWorld,
  onComplete: stopWorld,
};
