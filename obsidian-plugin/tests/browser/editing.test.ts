import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";

import { WALKTHROUGH, World, openBrowser, openNote, openObsidian } from "./harness";

const CHANGE = ["<think>x</think><python>\nok = update_file(\"user.md\", \"- zodiac_sign: Libra\", \"- zodiac_sign: Virgo\")\n</python>", "<reply>Done.</reply>"];

let browser: Browser;
let world: World;
let page: Page;

beforeAll(async () => {
  [browser, world] = await Promise.all([openBrowser(), World.make()]);
  await world.start();
});
afterAll(async () => {
  await browser.close();
  await world.end();
});
beforeEach(async () => {
  await world.restore();
  page = await openObsidian(browser, world);
  await page.locator(".commonplace-empty").waitFor();
});
afterEach(() => page.close());

function line(text: string): ReturnType<Page["locator"]> {
  return page.locator(".cm-line", { hasText: text });
}

test("what is typed and not saved survives an edit from the terminal; cursor and undo history stay", async () => {
  await openNote(page, "user.md");
  await line("user_name").click();
  await page.keyboard.press("End");
  await page.keyboard.type(", 🎉 called A");
  await page.waitForTimeout(200);
  expect(await world.read("user.md")).toBe(WALKTHROUGH["user.md"]);

  await world.script({ outputs: CHANGE });
  expect(await world.askInTerminal("I am a Virgo")).toContain("Done.");
  await line("zodiac_sign: Virgo").waitFor();
  await page.keyboard.type("t");
  await line("called At").waitFor();
  await expect.poll(() => world.read("user.md")).toContain("- user_name: Atakan Tekparmak, 🎉 called A\n");
  expect(await world.read("user.md")).toContain("- zodiac_sign: Virgo");

  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await line("zodiac_sign: Libra").waitFor();
  expect(await line("user_name").textContent()).toContain("called A");
});

test("every pane that shows the note shows the edit", async () => {
  await openNote(page, "user.md");
  await page.evaluate(() => window.app.workspace.openInNewPane("user.md"));
  await world.script({ outputs: CHANGE });
  await world.askInTerminal("I am a Virgo");
  await expect.poll(() => line("zodiac_sign: Virgo").count()).toBe(2);
});

test("while one types without a pause, nothing of it is lost and the edit is made or refused honestly", async () => {
  await openNote(page, "user.md");
  await line("birth_location").click();
  await page.keyboard.press("End");
  await world.script({ outputs: CHANGE });
  const asked = world.askInTerminal("I am a Virgo");
  const typed = "x".repeat(300);
  await page.keyboard.type(typed, { delay: 10 });
  await asked;
  expect(await line("birth_location").textContent()).toContain(typed);
});

test("a note that was closed is changed on disk", async () => {
  await openNote(page, "user.md");
  await openNote(page, "entities/dria.md");
  await world.script({ outputs: CHANGE });
  await world.askInTerminal("I am a Virgo");
  expect(await world.read("user.md")).toContain("Virgo");
});
