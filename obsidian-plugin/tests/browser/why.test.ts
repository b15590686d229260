import { rename } from "node:fs/promises";
import { join } from "node:path";

import type { Page } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";

import { WALKTHROUGH, ask, lastTurnEnded, openNote, openObsidian } from "./harness";
import { shared } from "./shared";

const TOLD = 'My job title is "AI Researcher", can you add that please';

const here = shared();
let page: Page;
beforeEach(async () => {
  await here.world.restore();
  page = await openObsidian(here.browser, here.world);
  await ask(page, TOLD);
});
afterEach(() => page.close());

function mark(): ReturnType<Page["locator"]> {
  return page.locator(".commonplace-origin-mark");
}

test("a line that a turn wrote says which sentence it comes from, by a click and by a hover", async () => {
  await openNote(page, "user.md");
  await mark().click();
  const card = page.getByRole("dialog", { name: "Why this line is here" });
  expect(await card.textContent()).toMatch(/^You said on \d{1,2} \w{3,4}: “My job title is "AI Researcher"/);
  await page.keyboard.press("Escape");
  await page.locator(".cm-content").click();
  await expect.poll(() => card.count()).toBe(0);
  await page.locator(".cm-line", { hasText: "job_title" }).hover({ position: { x: 60, y: 8 } });
  await card.waitFor();
});

test("it goes by keyboard alone: the card of the cursor's line, and back into the note", async () => {
  await openNote(page, "user.md");
  await mark().waitFor();
  await page.locator(".cm-line", { hasText: "job_title" }).click();
  await page.evaluate(() => window.plugin.run("why-this-line"));
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Open chat");
  await page.keyboard.press("Escape");
  expect(await page.getByRole("dialog").count()).toBe(0);
  expect(await page.evaluate(() => document.activeElement?.className)).toContain("cm-content");

  await page.locator(".cm-line", { hasText: "user_name" }).click();
  await page.evaluate(() => window.plugin.run("why-this-line"));
  await expect.poll(() => page.evaluate(() => window.notices.at(-1))).toContain("No turn wrote this line");
});

test("it leads to the turn in the chat, from another session too", async () => {
  await page.getByRole("button", { name: "New session" }).click();
  await page.locator(".commonplace-empty").waitFor();
  await openNote(page, "user.md");
  await mark().click();
  await page.getByRole("button", { name: "Open chat" }).click();
  await lastTurnEnded(page, TOLD);
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toContain(`Turn: ${TOLD}`);
});

test("its turn is undone by a click, and the mark goes", async () => {
  await openNote(page, "user.md");
  await mark().click();
  await page.getByRole("dialog").getByRole("button", { name: "Undo" }).click();
  await expect.poll(() => here.world.read("user.md")).toBe(WALKTHROUGH["user.md"]);
});

test("forgetting shows first what goes", async () => {
  await openNote(page, "user.md");
  await mark().click();
  const card = page.getByRole("dialog");
  await card.getByRole("button", { name: "Forget" }).click();
  expect(await card.getByLabel("What goes").locator(".is-removed").textContent()).toContain("- job_title: AI Researcher");
  expect(await here.world.read("user.md")).toContain("job_title");
  await card.getByRole("button", { name: "Forget it" }).click();
  await expect.poll(() => here.world.read("user.md")).toBe(WALKTHROUGH["user.md"]);
});

test("links to entities show the note's title, but not where one edits, and the note keeps its bytes", async () => {
  await openNote(page, "user.md");
  const line = page.locator(".cm-line", { hasText: "employer" });
  await expect.poll(() => line.textContent()).toBe("- employer: [[Dria]]");
  await line.click();
  await page.keyboard.press("End");
  await expect.poll(() => line.textContent()).toBe("- employer: [[entities/dria.md]]");
  expect(await here.world.read("user.md")).toContain("[[entities/dria.md]]");
});

test("after a rename, a human's edit and a restart of the daemon it still knows, and says what was edited", async () => {
  await here.world.kill();
  const written = await here.world.read("user.md");
  await here.world.write("user.md", written.replace("# User Information", "# All about me").replace("AI Researcher", "AI Researcher, part-time"));
  await rename(join(here.world.vault, "user.md"), join(here.world.vault, "entities/me.md"));
  await here.world.start();
  await openNote(page, "entities/me.md");
  await mark().click();
  const card = page.getByRole("dialog", { name: "Why this line is here" });
  expect(await card.textContent()).toContain("“My job title is");
  expect(await card.textContent()).toContain("You edited this line since. It was: job_title: AI Researcher");
});
