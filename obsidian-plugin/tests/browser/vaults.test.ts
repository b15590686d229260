import { readFile } from "node:fs/promises";
import { join } from "node:path";

import type { Page } from "playwright-core";
import { expect, test } from "vitest";

import { PLUGIN, WALKTHROUGH, ask, openNote, openObsidian } from "./harness";
import { command } from "./page";
import { shared } from "./shared";

const CHANGE = ["<think>x</think><python>\nok = update_file(\"user.md\", \"- zodiac_sign: Libra\", \"- zodiac_sign: Virgo\")\n</python>", "<reply>Done.</reply>"];

const here = shared();

function marked(page: Page): Promise<string[]> {
  return page.locator("#explorer .nav-file-title:has([role=img])").allTextContents();
}

function line(page: Page): ReturnType<Page["locator"]> {
  return page.locator(".cm-line", { hasText: "zodiac_sign" });
}

test("two vaults at once share a daemon and nothing else: no mark, no edit and no session of one is the other's", async () => {
  const other = await here.world.beside("garden", WALKTHROUGH);
  const [one, two] = await Promise.all([openObsidian(here.browser, here.world), openObsidian(here.browser, other)]);
  await two.getByRole("button", { name: "Use this vault" }).click();
  await two.locator(".commonplace-empty").waitFor();
  await Promise.all([openNote(one, "user.md"), openNote(two, "user.md")]);

  await ask(one, "What is my exact job title in my contract with my employer?");
  await expect.poll(() => marked(one)).toEqual(["entities", "dria", "user"]);
  await here.world.script({ outputs: CHANGE });
  await here.world.askInTerminal("I am a Virgo");
  await here.world.script(null);
  await expect.poll(() => line(one).textContent()).toContain("Virgo");
  expect(await here.world.read("user.md")).toContain("Virgo");

  expect(await marked(two)).toEqual([]);
  expect(await line(two).textContent()).toContain("Libra");
  expect(await other.notes()).toEqual(WALKTHROUGH);
  await ask(two, "What is my name?");
  await two.getByRole("button", { name: "Sessions" }).click();
  const sessions = two.getByRole("region", { name: "Sessions" }).getByRole("button");
  await expect.poll(() => sessions.allTextContents()).toEqual([expect.stringContaining("What is my name?")]);
  await Promise.all([one.close(), two.close()]);
});

test("a vault with its settings in a folder of another name gets the sidebar there, and nothing in it is a note", async () => {
  const vault = await here.world.beside("settled", { ...WALKTHROUGH, ".settings/app.json": "{}", ".settings/plugins/other/README.md": "# Other\n" });
  await command(here.world, ["plugin", "install", "--vault", vault.vault]);
  const main = (folder: string): Promise<string> => readFile(join(folder, "main.js"), "utf8");
  expect(await main(join(vault.vault, ".settings/plugins/commonplace"))).toBe(await main(join(PLUGIN, "dist")));
  const page = await openObsidian(here.browser, vault);
  await page.getByRole("button", { name: "Use this vault" }).click();
  await page.getByText("It remembers 1 entity and can read 2 notes.").waitFor();
  await page.close();
});
