import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { WALKTHROUGH, World, ask, openBrowser, openObsidian } from "./harness";

const TOLD = 'My job title is "AI Researcher", can you add that please';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

describe("what it remembers", () => {
  let world: World;
  let page: Page;
  beforeAll(async () => {
    world = await World.make();
    await world.start();
  });
  afterAll(() => world.end());
  beforeEach(async () => {
    await world.restore();
    page = await openObsidian(browser, world);
    await ask(page, TOLD);
    await page.evaluate(() => window.plugin.run("open-memory"));
  });
  afterEach(() => page.close());

  function fact(): ReturnType<Page["locator"]> {
    return page.locator(".commonplace-fact", { hasText: "job_title" });
  }

  test("is shown by note, the newest first, each fact with the sentence that it comes from", async () => {
    await fact().waitFor();
    expect(await page.locator(".commonplace-fact").first().textContent()).toContain("job_title: AI Researcher");
    expect(await fact().textContent()).toMatch(/You said on \d+ \w+: “My job title is/);
    expect(await page.locator(".commonplace-memory h3").allTextContents()).toEqual(["User Information", "Dria"]);
    await page.getByLabel("Search what it remembers").fill("cisco");
    expect(await page.locator(".commonplace-fact").allTextContents()).toEqual([expect.stringContaining("location: San Francisco")]);
  });

  test("a fact that is kept is new no more, and Edit leads to its line in the note", async () => {
    await fact().getByText("New").waitFor();
    await fact().getByRole("button", { name: "Keep: job_title" }).click();
    expect(await fact().getByText("New").count()).toBe(0);
    await page.getByRole("button", { name: "Look again" }).click();
    await fact().waitFor();
    expect(await fact().getByText("New").count()).toBe(0);
    await fact().getByRole("button", { name: "Edit: job_title" }).click();
    expect(await page.evaluate(() => window.opened)).toEqual(["user.md"]);
  });

  test("a fact is forgotten after one has seen what goes", async () => {
    await fact().getByRole("button", { name: "Forget: job_title" }).click();
    await fact().getByRole("button", { name: "Keep it" }).click();
    expect(await world.read("user.md")).toContain("job_title");
    await fact().getByRole("button", { name: "Forget: job_title" }).click();
    await fact().getByRole("button", { name: "Forget it" }).click();
    await expect.poll(() => world.read("user.md")).toBe(WALKTHROUGH["user.md"]);
    await expect.poll(() => fact().count()).toBe(0);
  });
});

test("an empty memory offers seven questions; the answers become user.md, shown as a diff and undone as one", async () => {
  const world = await World.make({});
  try {
    await world.start();
    const page = await openObsidian(browser, world);
    await page.getByRole("button", { name: "Introduce yourself" }).click();
    await page.getByText("1 of 7: What is your name?").waitFor();
    await ask(page, "Robin");
    await page.getByText("2 of 7").waitFor();
    await ask(page, "skip");
    await page.getByText("3 of 7").waitFor();
    await ask(page, "stop");
    const change = page.getByRole("region", { name: "created user.md" });
    await change.waitFor();
    expect(await change.locator(".is-added").allTextContents()).toEqual([expect.stringContaining("# User Information"), expect.stringContaining("- user_name: Robin")]);
    expect(await world.notes()).toEqual({ "user.md": "# User Information\n- user_name: Robin\n" });
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("Undone").waitFor();
    expect(Object.keys(await world.notes()).filter((path) => !path.startsWith(".trash"))).toEqual([]);
    await page.getByLabel("Message").fill("/st");
    await page.getByRole("option", { name: "/start" }).waitFor();
    await page.close();
  } finally {
    await world.end();
  }
});
