import type { Page } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";

import { ask, lastTurnEnded, openObsidian } from "./harness";
import { shared } from "./shared";

const STORY = { outputs: [`<reply>${Array.from({ length: 2_000 }, (_, part) => `A very long story. ${part} `).join("")}</reply>`], chunk: 8, delay: 0.01 };

const here = shared();
let page: Page;

beforeEach(async () => {
  await here.world.script(null);
  await here.world.restore();
  page = await openObsidian(here.browser, here.world);
  await page.locator(".commonplace-empty").waitFor();
});
afterEach(() => page.close());

async function type(text: string): Promise<void> {
  await page.getByLabel("Message").fill(text);
  await page.getByLabel("Message").press("Enter");
}

test("Esc stops the answer; what was typed meanwhile waits until one sends it, or takes it back", async () => {
  await here.world.script(STORY);
  await type("Tell me a story");
  await page.getByText("A very long story.").waitFor();
  await here.world.script(null);
  await type("What is my name?");
  await type("What is my birth date?");
  const queue = page.getByLabel("Waiting to be sent");
  await expect.poll(() => queue.getByRole("listitem").allTextContents()).toEqual(["What is my name?", "What is my birth date?"]);
  await page.keyboard.press("Escape");
  await lastTurnEnded(page, "Tell me a story");
  expect(await page.locator(".commonplace-foot").textContent()).toContain("Stopped.");
  expect(await page.locator(".commonplace-turn").count()).toBe(1);

  await queue.getByRole("button", { name: "Remove: What is my name?" }).click();
  await page.getByRole("button", { name: "Send the next one now" }).click();
  await lastTurnEnded(page, "What is my birth date?");
  expect(await page.locator(".commonplace-reply").last().textContent()).toContain("1999");
  expect(await queue.isVisible()).toBe(false);
});

test("what waits goes back into the message when one leaves for another session", async () => {
  await here.world.script(STORY);
  await type("Tell me a story");
  await page.getByText("A very long story.").waitFor();
  await here.world.script(null);
  await type("What is my name?");
  await page.keyboard.press("Escape");
  await lastTurnEnded(page, "Tell me a story");
  await page.getByRole("button", { name: "New session" }).click();
  await page.locator(".commonplace-empty").waitFor();
  expect(await page.getByLabel("Message").inputValue()).toBe("What is my name?");
  expect(await page.getByLabel("Waiting to be sent").isVisible()).toBe(false);
  expect(await page.locator(".commonplace-turn").count()).toBe(0);
});

test("what is typed during a turn is asked when the turn has ended by itself", async () => {
  await here.world.script({ outputs: ["<reply>One moment, this takes a little while to say.</reply>", "<reply>The second.</reply>"], chunk: 2, delay: 0.02 });
  await type("First");
  await page.getByText("One moment").waitFor();
  await type("Second");
  await lastTurnEnded(page, "Second");
  expect(await page.locator(".commonplace-reply").allInnerTexts()).toEqual(["One moment, this takes a little while to say.", "The second."]);
});

test("a question is asked again by a click", async () => {
  await here.world.script({ outputs: [] });
  await ask(page, "What is my name?");
  expect(await page.locator(".commonplace-error").count()).toBe(1);
  await here.world.script(null);
  await page.getByLabel("Ask again").click();
  await expect.poll(() => page.locator(".commonplace-reply").last().textContent()).toContain("Mirela");
});

test("a session is named in its place, by keyboard alone, and found by its name; Esc leaves the name", async () => {
  await ask(page, "What is my name?");
  const title = page.getByRole("heading", { level: 2 });
  const begin = page.getByRole("button", { name: "Name this session" });
  await begin.press("Enter");
  await page.keyboard.type("Never mind");
  await page.keyboard.press("Escape");
  expect(await title.textContent()).toBe("What is my name?");
  await begin.press("Enter");
  await page.keyboard.type("Who I am");
  await page.keyboard.press("Enter");
  await expect.poll(() => title.textContent()).toBe("Who I am");
  expect(await begin.evaluate((element) => element === document.activeElement)).toBe(true);

  await page.getByRole("button", { name: "Sessions" }).click();
  await page.getByLabel("Search the sessions").fill("who i");
  await expect.poll(() => page.getByRole("region", { name: "Sessions" }).getByRole("button").allTextContents()).toEqual([expect.stringContaining("Who I am")]);
});
