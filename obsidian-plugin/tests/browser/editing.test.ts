import type { Page } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";

import { WALKTHROUGH, openNote, openObsidian } from "./harness";
import { shared } from "./shared";

const CHANGE = ["<think>x</think><python>\nok = update_file(\"user.md\", \"- zodiac_sign: Libra\", \"- zodiac_sign: Virgo\")\n</python>", "<reply>Done.</reply>"];

const here = shared();
let page: Page;
beforeEach(async () => {
  await here.world.restore();
  page = await openObsidian(here.browser, here.world);
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
  expect(await here.world.read("user.md")).toBe(WALKTHROUGH["user.md"]);

  await here.world.script({ outputs: CHANGE });
  expect(await here.world.askInTerminal("I am a Virgo")).toContain("Done.");
  await line("zodiac_sign: Virgo").waitFor();
  await page.keyboard.type("t");
  await line("called At").waitFor();
  await expect.poll(() => here.world.read("user.md")).toContain("- user_name: Mirela Brandt, 🎉 called A\n");
  expect(await here.world.read("user.md")).toContain("- zodiac_sign: Virgo");

  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await line("zodiac_sign: Libra").waitFor();
  expect(await line("user_name").textContent()).toContain("called A");
});

test("every pane that shows the note shows the edit", async () => {
  await openNote(page, "user.md");
  await page.evaluate(() => window.app.workspace.openInNewPane("user.md"));
  await here.world.script({ outputs: CHANGE });
  await here.world.askInTerminal("I am a Virgo");
  await expect.poll(() => line("zodiac_sign: Virgo").count()).toBe(2);
});

test("while one types without a pause, nothing of it is lost and the edit is made or refused honestly", async () => {
  await openNote(page, "user.md");
  await line("birth_location").click();
  await page.keyboard.press("End");
  await here.world.script({ outputs: CHANGE });
  const asked = here.world.askInTerminal("I am a Virgo");
  const typed = "x".repeat(300);
  await page.keyboard.type(typed, { delay: 10 });
  await asked;
  expect(await line("birth_location").textContent()).toContain(typed);
});

test("a note that was closed is changed on disk", async () => {
  await openNote(page, "user.md");
  await openNote(page, "entities/dria.md");
  await here.world.script({ outputs: CHANGE });
  await here.world.askInTerminal("I am a Virgo");
  expect(await here.world.read("user.md")).toContain("Virgo");
});
