import type { Page } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";

import { WALKTHROUGH, ask, openObsidian } from "./harness";
import { shared } from "./shared";

const QUESTION = "What is my exact job title in my contract with my employer?";
const TOLD = 'My job title is "AI Researcher", can you add that please';
const ADDED = WALKTHROUGH["user.md"]?.replace("- zodiac_sign: Libra\n", "- zodiac_sign: Libra\n- job_title: AI Researcher\n");

const here = shared();
let page: Page;
beforeEach(async () => {
  await here.world.restore();
  page = await openObsidian(here.browser, here.world);
});
afterEach(() => page.close());

test("it asks for what no note says, remembers it, shows the change, marks the notes, and knows it afterwards", async () => {
  await ask(page, QUESTION);
  const first = page.locator(".commonplace-turn").first();
  await expect.poll(() => first.locator(".commonplace-reply").textContent()).toContain("?");
  expect(await first.locator(".commonplace-trail-line").textContent()).toBe("Read user.md and entities/dria.md");
  await first.locator(".commonplace-trail > summary").click();
  await first.locator(".commonplace-steps summary").first().click();
  expect(await first.locator(".commonplace-step pre").first().textContent()).toContain("user.md");

  await ask(page, TOLD);
  const change = page.getByRole("region", { name: "changed user.md" });
  expect(await change.locator(".is-added").textContent()).toContain("- job_title: AI Researcher");
  expect(await here.world.read("user.md")).toBe(ADDED);
  expect(await page.getByRole("button", { name: /^Written: user\.md/ }).count()).toBe(1);
  expect(await page.locator("#explorer").getByRole("img", { name: "Written by the agent" }).count()).toBe(1);

  await page.getByRole("button", { name: /^Written: user\.md/ }).click();
  expect(await page.evaluate(() => window.opened)).toEqual(["user.md"]);

  await ask(page, "What is my job title?");
  expect(await page.locator(".commonplace-reply").last().textContent()).toContain("AI Researcher");
});

test("all of it goes by keyboard alone", async () => {
  await page.keyboard.type(QUESTION);
  await page.keyboard.press("Enter");
  const first = page.locator(".commonplace-turn").first();
  await first.getByLabel("Ask again").waitFor();
  await page.keyboard.type(TOLD);
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.press("Backspace");
  await page.keyboard.press("Enter");
  await page.locator(".commonplace-turn").nth(1).getByLabel("Ask again").waitFor();
  expect(await here.world.read("user.md")).toBe(ADDED);

  const trail = page.locator(".commonplace-trail > summary").first();
  for (let tabs = 0; tabs < 30 && !(await trail.evaluate((element) => element === document.activeElement)); tabs += 1) {
    await page.keyboard.press("Shift+Tab");
  }
  await page.keyboard.press("Enter");
  expect(await page.locator(".commonplace-trail").first().getAttribute("open")).not.toBeNull();

  const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? "");
  await page.getByRole("button", { name: "Undo" }).press("Enter");
  await page.getByText("Undone").waitFor();
  expect(await focused()).toBe("Changes in user.md");
  await page.getByLabel("Mode").focus();
  await page.keyboard.press("r");
  await expect.poll(() => page.getByLabel("Mode").evaluate((select: HTMLSelectElement) => [select.value, select === document.activeElement])).toEqual(["review", true]);
});

test("what an input method is composing is not sent by its Enter", async () => {
  const input = page.getByLabel("Message");
  await input.fill("東京");
  await input.dispatchEvent("keydown", { key: "Enter", isComposing: true });
  await input.dispatchEvent("keydown", { key: "Process" });
  expect(await page.locator(".commonplace-turn").count()).toBe(0);
  expect(await input.inputValue()).toBe("東京");
});

test("a mention is offered while one types, and taken by keyboard", async () => {
  await page.keyboard.type("Tell me about @dri");
  await page.getByRole("option", { name: "dria" }).waitFor();
  await page.keyboard.press("Enter");
  expect(await page.getByLabel("Message").inputValue()).toBe("Tell me about [[entities/dria.md]] ");
});

test("nothing is left of it when the plugin unloads", async () => {
  await ask(page, TOLD);
  const marked = '[class*="commonplace"]';
  expect(await page.locator(marked).count()).toBeGreaterThan(10);
  await page.evaluate(() => window.plugin.unload());
  expect(await page.locator(marked).count()).toBe(0);
  expect(await page.locator("#status span").count()).toBe(0);
});
