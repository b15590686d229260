import axe from "axe-core";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";

import { ask, openNote, openObsidian } from "./harness";
import { shared } from "./shared";

const here = shared();

async function violations(page: Page, where = ".commonplace-chat"): Promise<string[]> {
  await page.addScriptTag({ content: axe.source });
  const found = await page.evaluate((place) => {
    const { axe: inPage } = window as unknown as { axe: { run(where: string): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } };
    return inPage.run(place);
  }, where);
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
}

test.each([false, true])("axe finds nothing in the chat, the memory and a line's card (dark: %s)", async (dark) => {
  await here.world.restore();
  const page = await openObsidian(here.browser, here.world, { dark });
  expect(await violations(page)).toEqual([]);
  await ask(page, "What is my exact job title in my contract with my employer?");
  await ask(page, 'My job title is "AI Researcher", can you add that please');
  await here.world.script({ outputs: ["<reply>| key | value |\n|---|---|\n| a | b |\n\n```python\nprint(1)\n```\n</reply>"] });
  await ask(page, "Show me a table");
  await here.world.script(null);
  await page.getByRole("table").waitFor();
  await page.locator(".commonplace-trail > summary").first().click();
  await page.locator(".commonplace-steps summary").first().click();
  await page.keyboard.press("Tab");
  expect(await violations(page)).toEqual([]);
  await page.getByLabel("Message").fill("@dr");
  await page.getByRole("option", { name: "dria" }).waitFor();
  expect(await violations(page)).toEqual([]);
  await openNote(page, "user.md");
  await page.locator(".commonplace-origin-mark").click();
  const card = page.getByRole("dialog", { name: "Why this line is here" });
  await card.waitFor();
  expect(await violations(page, '[role="dialog"]')).toEqual([]);
  await page.evaluate(() => window.plugin.run("open-memory"));
  await page.locator(".commonplace-fact").first().waitFor();
  expect(await violations(page, ".commonplace-memory")).toEqual([]);
  await page.close();
});

test("with reduced motion nothing moves", async () => {
  const page = await openObsidian(here.browser, here.world, { reducedMotion: true });
  const animations = await page.evaluate(() => document.getAnimations().length);
  expect(animations).toBe(0);
  await page.close();
});

test("what is said to a screen reader is whole sentences, not each chunk", async () => {
  await here.world.script({ outputs: ["<reply>The first sentence.\n\nThe second one.</reply>"], chunk: 2, delay: 0.002 });
  const page = await openObsidian(here.browser, here.world);
  await page.evaluate(() => {
    const said: string[] = [];
    Object.assign(window, { said });
    const region = document.querySelector('.commonplace-chat > [role="status"]');
    if (region !== null) new MutationObserver(() => said.push(region.textContent)).observe(region, { childList: true, characterData: true, subtree: true });
  });
  await ask(page, "Say two sentences");
  await expect.poll(() => page.evaluate(() => (window as unknown as { said: string[] }).said.join(" | ")), { timeout: 15_000 }).toContain("The second one.");
  const said = await page.evaluate(() => (window as unknown as { said: string[] }).said);
  expect(said.length).toBeLessThanOrEqual(3);
  expect(await page.getByRole("log").getAttribute("aria-live")).toBe("off");
  await page.close();
});
