import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import axe from "axe-core";
import type { Page } from "playwright-core";
import { beforeEach, expect, test, vi } from "vitest";

import { WALKTHROUGH, ask, lastTurnEnded } from "./harness";
import { command, emptyPage, newCode, openPage } from "./page";
import { shared } from "./shared";

const QUESTION = "What is my exact job title in my contract with my employer?";
const TOLD = 'My job title is "AI Researcher", can you add that please';
const ADDED = WALKTHROUGH["user.md"]?.replace("- zodiac_sign: Libra\n", "- zodiac_sign: Libra\n- job_title: AI Researcher\n");

const here = shared();
beforeEach(async () => {
  await here.world.script(null);
  await here.world.restore();
});

test("the walkthrough goes by mouse, with the change shown, taken back by a click, and notes opened in Obsidian", async () => {
  const page = await openPage(here.browser, here.world);
  await page.getByLabel("Message").fill(QUESTION);
  await page.getByRole("button", { name: /^Send/ }).click();
  await lastTurnEnded(page, QUESTION);
  const first = page.locator(".commonplace-turn").first();
  expect(await first.locator(".commonplace-reply").textContent()).toContain("?");
  await first.locator(".commonplace-trail > summary").click();

  await ask(page, TOLD);
  const change = page.getByRole("region", { name: "changed user.md" });
  expect(await change.locator(".is-added").textContent()).toContain("- job_title: AI Researcher");
  expect(await here.world.read("user.md")).toBe(ADDED);

  const opened = page.waitForRequest(/^obsidian:/).catch(() => null);
  const asked = await watchAddresses(page);
  await page.getByRole("button", { name: /^Written: user\.md/ }).click();
  await expect.poll(asked).toEqual(["obsidian://open?vault=vault&file=user.md"]);
  void opened;

  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("Undone").waitFor();
  expect(await here.world.read("user.md")).toBe(WALKTHROUGH["user.md"]);
  await page.close();
});

/** The addresses of another kind than the page's own that it gives to the system. */
async function watchAddresses(page: Page): Promise<() => readonly string[]> {
  const asked: string[] = [];
  const session = await page.context().newCDPSession(page);
  await session.send("Page.enable");
  session.on("Page.frameRequestedNavigation", ({ url }) => asked.push(url));
  return () => asked;
}

test("all of it goes by keyboard alone", async () => {
  const page = await openPage(here.browser, here.world);
  await page.keyboard.type(QUESTION);
  await page.keyboard.press("Enter");
  await lastTurnEnded(page, QUESTION);
  await page.keyboard.type(TOLD);
  await page.keyboard.press("Enter");
  await lastTurnEnded(page, TOLD);
  expect(await here.world.read("user.md")).toBe(ADDED);
  const undo = page.getByRole("button", { name: "Undo" });
  for (let tabs = 0; tabs < 30 && !(await undo.evaluate((element) => element === document.activeElement)); tabs += 1) {
    await page.keyboard.press("Shift+Tab");
  }
  await page.keyboard.press("Enter");
  await page.getByText("Undone").waitFor();
  await page.getByLabel("Message").focus();
  await page.keyboard.type("Tell me about @dri");
  await page.getByRole("option", { name: "dria" }).waitFor();
  await page.keyboard.press("Enter");
  expect(await page.getByLabel("Message").inputValue()).toBe("Tell me about [[entities/dria.md]] ");
  await page.close();
});

test("in review mode the change is seen first, and nothing is written before it is allowed; what a terminal takes back is said to be", async () => {
  const page = await openPage(here.browser, here.world);
  await page.getByLabel("Mode").selectOption("review");
  await page.getByLabel("Message").fill(TOLD);
  await page.getByLabel("Message").press("Enter");
  const card = page.getByRole("region", { name: "Waiting for you" });
  expect(await card.locator(".is-added").textContent()).toContain("- job_title: AI Researcher");
  expect(await here.world.read("user.md")).toBe(WALKTHROUGH["user.md"]);
  await card.getByRole("button", { name: "Allow", exact: true }).click();
  await lastTurnEnded(page, TOLD);
  expect(await here.world.read("user.md")).toBe(ADDED);

  await command(here.world, ["undo", "--vault", here.world.vault, "--yes"]);
  await page.getByText("Undone").waitFor();
  expect(await page.getByRole("button", { name: "Undo" }).count()).toBe(0);
  await page.close();
});

test("a daemon killed in mid-turn is missed; with a new code all goes on in place, and nothing that was typed is lost", async () => {
  const page = await openPage(here.browser, here.world);
  await ask(page, "What is my name?");
  await here.world.script({ outputs: [`<reply>${Array.from({ length: 2_000 }, (_, part) => `A very long story. ${part} `).join("")}</reply>`], chunk: 8, delay: 0.01 });
  await page.getByLabel("Message").fill("Tell me a story");
  await page.getByLabel("Message").press("Enter");
  await page.getByText("A very long story.").waitFor();
  await here.world.kill();
  await page.getByText("The daemon is away").first().waitFor();
  await page.getByLabel("Message").fill("And what is my zodiac sign?");
  await page.getByLabel("Message").press("Enter");

  await here.world.script(null);
  await here.world.start();
  const gate = page.getByRole("region", { name: "Let this page in" });
  await gate.waitFor();
  await page.getByLabel("Code").fill("nonsense");
  await page.getByLabel("Code").press("Enter");
  await gate.getByRole("alert").getByText("This is no code").waitFor();
  await page.getByLabel("Code").fill(await newCode(here.world));
  await page.getByLabel("Code").press("Enter");
  await lastTurnEnded(page, "zodiac sign");
  const turns = page.locator(".commonplace-turn");
  expect(await turns.count()).toBe(3);
  expect(await turns.nth(1).locator(".commonplace-foot").textContent()).toContain("The daemon ended in the middle of this turn");
  expect(await turns.nth(2).textContent()).toContain("Libra");
  expect(await gate.isVisible()).toBe(false);
  await page.close();
});

test("the command leads a browser in by a file that is the user's alone, and the code is in no argument and not left in the address", async () => {
  const noted = join(here.world.folder, "argument");
  const stand = join(here.world.folder, "browser.sh");
  await writeFile(stand, `#!/bin/sh\nprintf %s "$1" >${noted}\n`, { mode: 0o755 });
  await command(here.world, ["window", "--browser"], { BROWSER: `${stand} %s` });
  await expect.poll(() => readFile(noted, "utf8").catch(() => "")).toMatch(/^file:\/\/.*\/open-[0-9a-f]{16}\.html$/);
  const page = await emptyPage(here.browser);
  await page.goto(await readFile(noted, "utf8"));
  await page.locator(".commonplace-empty p").waitFor();
  expect(page.url()).toBe(`http://127.0.0.1:${here.world.port}/`);
  await expect.poll(() => readFile(new URL(noted, "file:"), "utf8").then((file) => readFile(new URL(file)).then(() => "there", () => "gone"))).toBe("gone");
  await page.close();
});

test("opened without a code, or again with one that was used, it shows nothing and asks for one", async () => {
  const page = await emptyPage(here.browser);
  const code = await newCode(here.world);
  const go = async (fragment: string): Promise<void> => {
    await page.goto("about:blank");
    await page.goto(`http://127.0.0.1:${here.world.port}/${fragment}`);
  };
  const gate = page.getByRole("region", { name: "Let this page in" });
  await go("");
  await gate.waitFor();
  expect(await page.locator(".commonplace-chat").count()).toBe(0);
  await go(`#code=${code}`);
  await page.locator(".commonplace-empty p").waitFor();
  await go(`#code=${code}`);
  await gate.getByText("not good any more").waitFor();
  expect(await page.locator(".commonplace-chat").count()).toBe(0);
  await page.close();
});

const HOSTILE = [
  "Before <script>window.executed=1</script> and <img src=x onerror=\"window.executed=1\"> <b onclick=\"window.executed=1\">b</b>.",
  "",
  "```dataviewjs",
  "window.executed=1",
  "```",
  "",
  "`= this.file.name` and [a](javascript:window.executed=1) and [c](JaVaScRiPt:alert(1)) and <javascript:alert(1)>",
  "",
  "![](https://images.invalid/x.png) ![x](http://127.0.0.1:1/y.png) ![[user.md]] [b](data:text/html,x) ![d](data:image/png;base64,AAAA)",
  "",
  "[[entities/dria.md|her employer]] and [d](entities/dria.md) and [w](https://example.invalid/)",
  "",
  "שלום עולם",
  "",
  "```js",
  "never closed",
].join("\n");

/** Runs in the page: pixels between a paragraph's text and its right edge. */
function spaceAtRight(paragraph: Element): number {
  const range = document.createRange();
  range.selectNodeContents(paragraph);
  return Math.round(paragraph.getBoundingClientRect().right - range.getBoundingClientRect().right);
}

test.each([3, 4_096])("a hostile reply in chunks of %i does nothing, asks nobody, and still reads", async (chunk) => {
  await here.world.script({ outputs: [`<reply>${HOSTILE}</reply>`], chunk });
  const page = await openPage(here.browser, here.world);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await ask(page, "Say something bad");
  const reply = page.locator(".commonplace-reply");
  expect(await page.evaluate(() => "executed" in window)).toBe(false);
  expect(asked.filter((url) => !url.startsWith(`http://127.0.0.1:${here.world.port}/`) && !url.startsWith("ws://127.0.0.1"))).toEqual([]);
  expect(await reply.locator("script, img, iframe, object, embed, b").count()).toBe(0);
  const links = await reply.locator("a").evaluateAll((all) => all.map((link) => [link.getAttribute("href"), link.getAttribute("data-href"), link.getAttribute("rel")]));
  expect(links).toEqual([
    ["https://images.invalid/x.png", null, "noopener noreferrer"],
    ["http://127.0.0.1:1/y.png", null, "noopener noreferrer"],
    ["#", "user.md", null],
    ["#", "entities/dria.md", null],
    ["#", "entities/dria.md", null],
    ["https://example.invalid/", null, "noopener noreferrer"],
  ]);
  expect(await reply.locator("pre").allTextContents()).toEqual(["window.executed=1", "never closed"]);
  expect(await reply.getByText("שלום עולם").evaluate(spaceAtRight)).toBe(0);
  await page.close();
});

test("the policy holds where the sanitiser would not: nothing inline runs and nothing leaves for elsewhere", async () => {
  const page = await openPage(here.browser, here.world);
  const told = await page.evaluate<{ broken: string; executed: boolean; refused: boolean }>(`(async () => {
    const broken = [];
    document.addEventListener("securitypolicyviolation", (event) => broken.push(event.effectiveDirective));
    const script = document.createElement("script");
    try {
      script.textContent = "window.executed=1";
      document.body.append(script);
    } catch {
      broken.push("trusted types");
    }
    const image = document.createElement("img");
    image.src = "https://images.invalid/x.png";
    document.body.append(image);
    const refused = await fetch("http://127.0.0.1:1/").then(() => false, () => true);
    await new Promise((done) => window.setTimeout(done, 200));
    return { broken: broken.join(" "), executed: "executed" in window, refused };
  })()`);
  expect(told.executed).toBe(false);
  expect(told.refused).toBe(true);
  expect(told.broken).toContain("img-src");
  expect(told.broken).toContain("connect-src");
  await page.close();
});

test("one line of a megabyte is shown whole, as text", async () => {
  await here.world.script({ outputs: [`<reply>${Array.from({ length: 100_000 }, (_, index) => `word ${index}`).join(" ")}</reply>`], chunk: 4_096 });
  const page = await openPage(here.browser, here.world);
  await ask(page, "Say one word");
  expect(await page.locator(".commonplace-reply").evaluate((element) => element.textContent.length)).toBeGreaterThan(999_000);
  await page.close();
});

test("a reply of ten thousand chunks leaves the reader where they scrolled to", async () => {
  const lines = Array.from({ length: 2_500 }, (_, index) => `Line ${index} of a long story about nothing.${index % 5 === 4 ? "\n" : ""}`);
  await here.world.script({ outputs: [`<reply>${lines.join("\n")}</reply>`], chunk: 11 });
  const page = await openPage(here.browser, here.world);
  await page.getByLabel("Message").fill("Tell me a long story");
  await page.getByLabel("Message").press("Enter");
  const log = page.getByRole("log");
  await page.getByText("Line 200 of").waitFor();
  await log.hover();
  const latest = page.getByRole("button", { name: "Go to the latest" });
  // On a slow machine the first turn of the wheel may come before there is anything to scroll.
  await vi.waitUntil(async () => {
    await page.mouse.wheel(0, -600);
    return latest.isVisible();
  }, { timeout: 30_000, interval: 200 });
  const place = await log.evaluate((element) => element.scrollTop);
  await page.getByLabel("Ask again").waitFor({ timeout: 90_000 });
  expect(await log.evaluate((element) => element.scrollTop)).toBe(place);
  expect(await page.locator(".commonplace-block").count()).toBe(500);
  await page.close();
});

test.each([
  [false, 900],
  [true, 360],
])("axe finds nothing (dark: %s, width: %i)", async (dark, width) => {
  const page = await openPage(here.browser, here.world, { dark, width });
  await ask(page, QUESTION);
  await ask(page, TOLD);
  await page.locator(".commonplace-trail > summary").first().click();
  await page.evaluate(axe.source);
  const found = await page.evaluate(() => {
    const { axe: inPage } = window as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } };
    return inPage.run();
  });
  expect(found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
  await page.close();
});

test("of several vaults one is chosen, and its own notes answer", async () => {
  const other = join(here.world.folder, "other");
  await command(here.world, ["vault", "init", other, "--yes"]);
  await writeFile(join(other, "user.md"), "# User\n- user_name: Robin Ashdown\n");
  const page = await openPage(here.browser, here.world);
  await page.getByLabel("Vault", { exact: true }).selectOption({ label: "other" });
  await ask(page, "What is my name?");
  expect(await page.locator(".commonplace-reply").last().textContent()).toContain("Robin");
  await page.getByLabel("Vault", { exact: true }).selectOption({ label: "notes" });
  await ask(page, "What is my name?");
  expect(await page.locator(".commonplace-reply").last().textContent()).toContain("Mirela");
  await page.close();
});
