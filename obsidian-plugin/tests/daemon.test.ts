// @vitest-environment jsdom
/** How Obsidian finds the daemon and starts it: by its files and an absolute path, never through a shell. */

import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Platform } from "obsidian-test-mocks/obsidian";
import { setup, teardown } from "obsidian-test-mocks/setup";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";

import { DEFAULTS, type Settings } from "../src/settings";

const APP = { secretStorage: { getSecret: (name: string) => (name === "mine" ? "a-token" : null) } } as never;
let home: string;

beforeAll(() => setup());
afterAll(() => teardown());
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "commonplace $(touch owned) 'home' "));
  vi.spyOn(Platform, "isDesktop", "get").mockReturnValue(true);
  vi.spyOn(Platform, "isLinux", "get").mockReturnValue(true);
  vi.spyOn(Platform, "isWin", "get").mockReturnValue(false);
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await rm(home, { recursive: true });
});

async function parts() {
  return import("../src/obsidian/daemon");
}

function settings(given: Partial<Settings> = {}): Settings {
  return { ...DEFAULTS, home, ...given };
}

describe("the daemon's address", () => {
  test("is what daemon.json says at that moment", async () => {
    const { discover } = await parts();
    expect(await discover(APP, settings())).toBeNull();
    const told = { port: 4711, token: "t", version: "0.1.0", protocol: 1 };
    await writeFile(join(home, "daemon.json"), JSON.stringify(told));
    expect(await discover(APP, settings())).toEqual(told);
    await rm(join(home, "daemon.json"));
    expect(await discover(APP, settings())).toBeNull();
  });

  test("is the port of the settings, with the token out of the secret storage", async () => {
    const { discover } = await parts();
    expect(await discover(APP, settings({ port: 4712, tokenSecret: "mine" }))).toMatchObject({ port: 4712, token: "a-token" });
    expect(await discover(APP, settings({ port: 4712, tokenSecret: "none" }))).toBeNull();
  });
});

describe("the daemon's command", () => {
  async function installed(): Promise<{ command: string; argumentsOf: () => Promise<string> }> {
    const [command, noted] = [join(home, "commonplace"), join(home, "noted")];
    await writeFile(command, '#!/bin/sh\nprintf %s "$*" >"$(dirname "$0")/noted"\n');
    await chmod(command, 0o755);
    await writeFile(join(home, "install.json"), JSON.stringify({ command }));
    return { command, argumentsOf: () => readFile(noted, "utf8").catch(() => "") };
  }

  test("is started as it is named, whatever stands in its path", async () => {
    const { argumentsOf } = await installed();
    await (await parts()).daemonHelp(() => settings()).start?.();
    await expect.poll(argumentsOf).toBe("serve --started-by-client");
  });

  test("is shown and not started in a Flatpak", async () => {
    const { command } = await installed();
    vi.stubEnv("FLATPAK_ID", "md.obsidian.Obsidian");
    const help = (await parts()).daemonHelp(() => settings());
    expect(help.start).toBeNull();
    expect(await help.startCommand()).toBe(`'${command.replaceAll("'", "'\\''")}' serve`);
  });

  test.each(["{}", '{"command": "commonplace"}', '{"command": 1}', "oops"])("is none where install.json says %s", async (text) => {
    await writeFile(join(home, "install.json"), text);
    const help = (await parts()).daemonHelp(() => settings());
    expect(await help.startCommand()).toBeNull();
    await expect(help.start?.()).rejects.toThrow("No command is known.");
  });
});
