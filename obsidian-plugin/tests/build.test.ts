import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";

import { expect, test } from "vitest";

const PLUGIN = join(import.meta.dirname, "..");

function text(path: string): Promise<string> {
  return readFile(join(PLUGIN, path), "utf8");
}

async function json(path: string): Promise<Record<string, unknown>> {
  return JSON.parse(await text(path)) as Record<string, unknown>;
}

test("the built plugin is small, and holds nothing that makes code of text", async () => {
  expect((await stat(join(PLUGIN, "dist/main.js"))).size).toBeLessThanOrEqual(150_000);
  expect(await text("dist/main.js")).not.toMatch(/\beval\s*\(|new Function\b|\bimport\s*\(/);
});

test("what a vault's plugins folder needs is built", async () => {
  expect(await text("dist/manifest.json")).toBe(await text("manifest.json"));
  expect(await text("dist/styles.css")).toContain("commonplace-chat");
});

test("the manifest at the top, which the plugin directory reads, is the plugin's", async () => {
  expect(await text("../manifest.json")).toBe(await text("manifest.json"));
});

test("every version is the same one", async () => {
  const { version, minAppVersion } = await json("manifest.json");
  expect((await json("package.json"))["version"]).toBe(version);
  expect((await json("versions.json"))[String(version)]).toBe(minAppVersion);
  expect(await text("../pyproject.toml")).toContain(`\nversion = "${String(version)}"\n`);
});
