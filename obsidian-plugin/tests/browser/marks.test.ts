import type { Page } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";

import { openNote, openObsidian } from "./harness";
import { shared } from "./shared";

const CHANGE = [
  '<think>x</think><python>\na = update_file("user.md", "- zodiac_sign: Libra", "- zodiac_sign: Virgo")\nb = update_file("user.md", "- birth_date: 1999-10-08", "- birth_date: 1999-10-09")\n</python>',
  "<reply>Done.</reply>",
];

const here = shared();
let page: Page;

beforeEach(async () => {
  await here.world.script(null);
  await here.world.restore();
  page = await openObsidian(here.browser, here.world);
  await page.locator(".commonplace-empty").waitFor();
});
afterEach(() => page.close());

function mark(name: string): ReturnType<Page["locator"]> {
  return page.locator("#explorer").getByRole("img", { name });
}

function changed(): Promise<string[]> {
  return page.locator(".commonplace-changed-line").allTextContents();
}

test("the notes that a turn in a terminal touched are marked, and so is the active one in the status bar", async () => {
  await openNote(page, "user.md");
  await here.world.script({ outputs: CHANGE });
  await here.world.askInTerminal("I am a Virgo");
  await mark("Written by the agent").waitFor();
  await expect.poll(() => page.locator("#status").textContent()).toContain("Changed by the agent");
  await openNote(page, "entities/dria.md");
  await expect.poll(() => page.locator("#status").textContent()).toBe("");
});

test("changed lines are marked in a note that is opened later; a command goes from one to the next, another dismisses them", async () => {
  await here.world.script({ outputs: CHANGE });
  await page.getByLabel("Message").fill("I am a Virgo");
  await page.getByLabel("Message").press("Enter");
  await page.getByLabel("Ask again").waitFor();
  await openNote(page, "user.md");
  await expect.poll(changed).toEqual(["- birth_date: 1999-10-09", "- zodiac_sign: Virgo"]);
  await openNote(page, "entities/dria.md");
  await expect.poll(changed).toEqual([]);
  await openNote(page, "user.md");
  await expect.poll(changed).toEqual(["- birth_date: 1999-10-09", "- zodiac_sign: Virgo"]);

  for (const word of ["a", "b"]) {
    await page.evaluate(() => window.plugin.run("next-change"));
    await page.keyboard.type(word);
  }
  await expect.poll(changed).toEqual(["a- birth_date: 1999-10-09", "b- zodiac_sign: Virgo"]);
  await page.evaluate(() => window.plugin.run("dismiss-marks"));
  await expect.poll(changed).toEqual([]);
  expect(await mark("Written by the agent").count()).toBe(0);
});

test("an explorer that comes up later is marked then", async () => {
  await page.evaluate(() => {
    const [leaf] = window.app.workspace.getLeavesOfType("file-explorer");
    const explorer = leaf?.view ?? null;
    if (leaf !== undefined) leaf.view = null;
    Object.assign(window, { show: () => Object.assign(leaf ?? {}, { view: explorer }) });
  });
  await here.world.script({ outputs: CHANGE });
  await here.world.askInTerminal("I am a Virgo");
  await page.waitForTimeout(200);
  expect(await mark("Written by the agent").count()).toBe(0);
  await page.evaluate(() => {
    (window as unknown as { show(): void }).show();
    window.app.workspace.trigger("layout-change");
  });
  await mark("Written by the agent").waitFor();
});

test("an old session that is opened marks nothing", async () => {
  await here.world.script({ outputs: CHANGE });
  await page.getByLabel("Message").fill("I am a Virgo, as I said");
  await page.getByLabel("Message").press("Enter");
  await mark("Written by the agent").waitFor();
  await page.getByLabel("Ask again").waitFor();
  await page.evaluate(() => window.plugin.run("dismiss-marks"));
  await page.getByRole("button", { name: "New session" }).click();
  await page.locator(".commonplace-empty").waitFor();
  await page.getByRole("button", { name: "Sessions" }).click();
  await page.getByRole("region", { name: "Sessions" }).getByRole("button", { name: "as I said" }).click();
  await page.getByLabel("Ask again").waitFor();
  expect(await mark("Written by the agent").count()).toBe(0);
});
