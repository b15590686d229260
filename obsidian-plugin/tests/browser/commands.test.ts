import type { Page } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";

import { WALKTHROUGH, ask, openNote, openObsidian } from "./harness";
import { shared } from "./shared";

const here = shared();
let page: Page;

beforeEach(async () => {
  await here.world.restore();
  page = await openObsidian(here.browser, here.world);
  await page.locator(".commonplace-empty").waitFor();
});
afterEach(() => page.close());

function message(): Promise<string> {
  return page.getByLabel("Message").inputValue();
}

async function run(command: string): Promise<void> {
  await page.evaluate((id) => window.plugin.run(id), command);
}

test("what is selected in a note is asked about, or remembered; nothing selected is said to be so", async () => {
  await openNote(page, "entities/dria.md");
  await run("ask-about-selection");
  await expect.poll(() => page.evaluate(() => window.notices)).toEqual(["Select some text first."]);
  expect(await message()).toBe("");

  await page.locator(".cm-line", { hasText: "location" }).click();
  await page.keyboard.press("Home");
  await page.keyboard.press("Shift+End");
  await run("ask-about-selection");
  await expect.poll(message).toBe("- location: San Francisco\n\n");
  await expect.poll(() => page.getByLabel("Message").evaluate((element) => element === document.activeElement)).toBe(true);
  await page.getByLabel("Message").fill("");
  await run("remember-selection");
  await expect.poll(message).toBe("Remember this: - location: San Francisco");
});

test("the active note is mentioned on request", async () => {
  await openNote(page, "entities/dria.md");
  await page.getByRole("button", { name: "Mention the active note" }).click();
  expect(await message()).toBe("[[entities/dria.md]] ");
});

test("the last turn that changed a note is undone, and then none is left to undo", async () => {
  await ask(page, 'My job title is "AI Researcher", can you add that please');
  await ask(page, "What is my name?");
  await run("undo-last-turn");
  await expect.poll(() => page.evaluate(() => window.notices)).toEqual(["The last turn is undone."]);
  expect(await here.world.read("user.md")).toBe(WALKTHROUGH["user.md"]);
  await run("undo-last-turn");
  await expect.poll(() => page.evaluate(() => window.notices.at(-1))).toBe("No turn of this session changed a note.");
});
