import type { Page } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";

import { WALKTHROUGH, ask, openObsidian } from "./harness";
import { command } from "./page";
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

test("a turn's change is taken back by a click, and said to be", async () => {
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("Undone").waitFor();
  expect(await here.world.read("user.md")).toBe(WALKTHROUGH["user.md"]);
  expect(await page.getByRole("button", { name: "Undo" }).count()).toBe(0);

  await page.getByRole("button", { name: "Sessions" }).click();
  await page.getByRole("region", { name: "Sessions" }).getByRole("button").first().click();
  await page.getByText("Undone").waitFor();
});

test("what is taken back in a terminal is said to be, and is marked no more", async () => {
  await page.locator("#explorer").getByRole("img", { name: "Written by the agent" }).waitFor();
  await command(here.world, ["undo", "--vault", here.world.vault, "--yes"]);
  await page.getByText("Undone").waitFor();
  expect(await page.getByRole("button", { name: "Undo" }).count()).toBe(0);
  await expect.poll(() => page.locator("#explorer").getByRole("img").count()).toBe(0);
});

test("what a human wrote since is kept, and a line that they changed is left with a word about it", async () => {
  const written = await here.world.read("user.md");
  await here.world.write("user.md", written.replace("AI Researcher", "AI Researcher and gardener"));
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("alert").waitFor();
  expect(await page.getByRole("alert").textContent()).toContain("user.md is left as it is");
  expect(await here.world.read("user.md")).toContain("gardener");

  await here.world.write("user.md", `${written}- mine: yes\n`);
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("Undone").waitFor();
  expect(await here.world.read("user.md")).toBe(`${WALKTHROUGH["user.md"] ?? ""}- mine: yes\n`);
});

test("one note of several is undone alone, and then the rest", async () => {
  const code = ['a = update_file("user.md", "zodiac_sign: Libra", "zodiac_sign: Virgo")', 'b = update_file("entities/dria.md", "San Francisco", "Berlin")'].join("\n");
  await here.world.script({ outputs: [`<think>x</think><python>\n${code}\n</python>`, "<reply>Done.</reply>"] });
  await ask(page, "Change two notes");
  await here.world.script(null);
  const turn = page.locator(".commonplace-turn").last();
  await turn.getByRole("button", { name: "Undo: entities/dria.md" }).click();
  await turn.getByText("Undone").waitFor();
  expect(await here.world.read("entities/dria.md")).toBe(WALKTHROUGH["entities/dria.md"]);
  expect(await here.world.read("user.md")).toContain("Virgo");
  await turn.getByRole("button", { name: "Undo the change that is left" }).click();
  await expect.poll(() => here.world.read("user.md")).toContain("Libra");
});
