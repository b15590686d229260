import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { WALKTHROUGH, World, ask, lastTurnEnded, openBrowser, openObsidian } from "./harness";

const TOLD = 'My job title is "AI Researcher", can you add that please';

let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

async function inWorld(registered: boolean, go: (world: World, page: Page) => Promise<void>): Promise<void> {
  const world = await World.make(WALKTHROUGH, registered);
  try {
    await world.start();
    const page = await openObsidian(browser, world);
    await go(world, page);
    await page.close();
  } finally {
    await world.end();
  }
}

test("a daemon killed in mid-turn is missed, what is typed meanwhile is kept, and all goes on when it is back", async () => {
  await inWorld(true, async (world, page) => {
    await ask(page, "What is my name?");
    await world.script({ outputs: [`<reply>${Array.from({ length: 2_000 }, (_, part) => `A very long story. ${part} `).join("")}</reply>`], chunk: 8, delay: 0.01 });
    await page.getByLabel("Message").fill("Tell me a story");
    await page.getByLabel("Message").press("Enter");
    await page.getByText("A very long story.").waitFor();

    await world.kill();
    await page.getByText("The daemon is away").first().waitFor();
    await page.getByLabel("Message").fill("And what is my zodiac sign?");
    await page.getByLabel("Message").press("Enter");
    expect(await page.getByLabel("Waiting to be sent").textContent()).toContain("zodiac sign");

    await world.script(null);
    await world.start();
    await lastTurnEnded(page, "zodiac sign");
    const turns = page.locator(".commonplace-turn");
    expect(await turns.count()).toBe(3);
    expect(await turns.nth(0).textContent()).toContain("Mirela");
    expect(await turns.nth(1).locator(".commonplace-foot").textContent()).toContain("The daemon ended in the middle of this turn");
    expect(await turns.nth(1).locator(".commonplace-reply").textContent()).toMatch(/^(A very long story\. ?)+/);
    expect(await turns.nth(2).textContent()).toContain("Libra");
  });
});

test("in review mode the change is seen first, and nothing is written before it is allowed", async () => {
  await inWorld(true, async (world, page) => {
    await page.getByLabel("Mode").selectOption("review");
    await page.getByLabel("Message").fill(TOLD);
    await page.getByLabel("Message").press("Enter");
    const card = page.getByRole("region", { name: "Waiting for you" });
    await card.waitFor();
    expect(await card.locator(".is-added").textContent()).toContain("- job_title: AI Researcher");
    expect(await world.read("user.md")).toBe(WALKTHROUGH["user.md"]);
    await card.getByRole("button", { name: "Reject" }).click();
    await lastTurnEnded(page, TOLD);
    expect(await page.locator(".commonplace-reply").textContent()).toContain("since you did not allow it");
    expect(await world.read("user.md")).toBe(WALKTHROUGH["user.md"]);

    await page.getByLabel("Message").fill(TOLD);
    await page.getByLabel("Message").press("Enter");
    await card.getByRole("button", { name: "Allow", exact: true }).click();
    await expect.poll(() => world.read("user.md")).toContain("- job_title: AI Researcher");
    await page.getByRole("button", { name: "Sessions" }).click();
    await page.getByRole("region", { name: "Sessions" }).getByRole("button").first().waitFor();
  });
});

test("a vault that the daemon does not know is offered, and used after a click", async () => {
  await inWorld(false, async (world, page) => {
    await page.getByText("not registered").waitFor();
    await page.getByRole("button", { name: "Use this vault" }).click();
    await ask(page, "What is my name?");
    expect(await page.locator(".commonplace-reply").textContent()).toContain("Mirela");
    expect(await world.read("user.md")).toBe(WALKTHROUGH["user.md"]);
  });
});

test("a daemon of another protocol is said to be one, and an explorer of another shape gets no marks and no error", async () => {
  const world = await World.make();
  try {
    await writeFile(join(world.home, "daemon.json"), JSON.stringify({ port: world.port, token: "t", version: "9.0.0", protocol: 9 }));
    const page = await openObsidian(browser, world);
    await page.getByText("The daemon (9.0.0) speaks another version").waitFor();
    await rm(join(world.home, "daemon.json"));
    await page.evaluate(() => Object.assign(window.app.workspace.getLeavesOfType("file-explorer")[0]?.view ?? {}, { fileItems: { "user.md": 1, entities: null } }));
    const errors: unknown[] = [];
    page.on("pageerror", (error) => errors.push(error));
    await world.start();
    await ask(page, TOLD);
    expect(await page.locator("#explorer").getByRole("img").count()).toBe(0);
    expect(errors).toEqual([]);
    await page.close();
  } finally {
    await world.end();
  }
});
