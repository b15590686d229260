import { describe, expect, test } from "vitest";

import { ask, openObsidian } from "./harness";
import { shared } from "./shared";

const here = shared();

const HOSTILE = [
  "Before <script>window.executed.push('script')</script> and <img src=x onerror=\"window.executed.push('image')\">.",
  "",
  "```dataviewjs",
  "window.executed.push('dataviewjs')",
  "```",
  "",
  "`= this.file.name` and `$= dv.pages()` and [a](javascript:window.executed.push('link'))",
  "",
  "![](https://images.invalid/x.png) ![[user.md]] [b](data:text/html,x)",
  "",
  "> ```dataview",
  "> LIST",
  "> ```",
  "",
  "שלום עולם",
  "",
  "```js",
  "never closed",
].join("\n");

test.each([3, 4_096])("a hostile reply in chunks of %i does nothing, and still reads", async (chunk) => {
  await here.world.script({ outputs: [`<think>x</think><reply>${HOSTILE}</reply>`], chunk });
  const page = await openObsidian(here.browser, here.world);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await ask(page, "Say something bad");
  const reply = page.locator(".commonplace-reply");
  expect(await page.evaluate(() => window.executed)).toEqual([]);
  expect(asked.filter((url) => !url.startsWith("ws://127.0.0.1"))).toEqual([]);
  expect(await reply.locator("script, img, iframe, object, embed").count()).toBe(0);
  const links = await reply.locator("a").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
  expect(links).toEqual(["https://images.invalid/x.png", "user.md"]);
  expect(await reply.textContent()).toContain("<script>window.executed.push('script')</script>");
  expect(await reply.locator("pre").allTextContents()).toEqual(["window.executed.push('dataviewjs')", "never closed"]);
  await page.close();
});

describe("a reply of ten thousand chunks", () => {
  const LINES = Array.from({ length: 2_500 }, (_, index) => `Line ${index} of a long story about nothing.${index % 5 === 4 ? "\n" : ""}`);

  test("leaves the reader where they scrolled to", async () => {
    await here.world.script({ outputs: [`<reply>${LINES.join("\n")}</reply>`], chunk: 11 });
    const page = await openObsidian(here.browser, here.world);
    await page.getByLabel("Message").fill("Tell me a long story");
    await page.getByLabel("Message").press("Enter");
    const log = page.getByRole("log");
    await page.getByText("Line 200 of").waitFor();
    await log.hover();
    await page.mouse.wheel(0, -600);
    await page.getByRole("button", { name: "Go to the latest" }).waitFor();
    const place = await log.evaluate((element) => element.scrollTop);
    await page.getByLabel("Ask again").waitFor();
    expect(await log.evaluate((element) => element.scrollTop)).toBe(place);
    expect(await page.locator(".commonplace-block").count()).toBe(500);
    await page.getByRole("button", { name: "Go to the latest" }).click();
    expect(await log.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight)).toBeLessThan(5);
    await page.close();
  });

  test("one line of a megabyte is shown whole, as text", async () => {
    await here.world.script({ outputs: [`<reply>${Array.from({ length: 100_000 }, (_, index) => `word ${index}`).join(" ")}</reply>`], chunk: 4_096 });
    const page = await openObsidian(here.browser, here.world);
    await ask(page, "Say one word");
    const length = await page.locator(".commonplace-reply").evaluate((element) => element.textContent.length);
    expect(length).toBeGreaterThan(999_000);
    await page.close();
  });
});

test("a note with an odd name is shown as it is, and opens", async () => {
  const name = 'entities/a "q" [b] #c 🎉.md';
  await here.world.write(name, "# Odd\n- a: 1\n");
  const code = `text = read_file(${JSON.stringify(name)})`;
  await here.world.script({ outputs: [`<think>x</think><python>${code}</python>`, "<reply>Done.</reply>"] });
  const page = await openObsidian(here.browser, here.world);
  await ask(page, "Read it");
  await page.getByRole("button", { name: new RegExp(`^Read: ${name.replace(/[[\]]/g, "\\$&")}`) }).click();
  expect(await page.evaluate(() => window.opened)).toEqual([name]);
  await page.close();
});

test("of a long session the latest turns are drawn first, and the others when one goes there", async () => {
  await here.world.script(null);
  const page = await openObsidian(here.browser, here.world);
  for (let turn = 0; turn < 10; turn += 1) await ask(page, `What is my zodiac sign? (${turn})`);
  await page.getByRole("button", { name: "New session" }).click();
  await page.locator(".commonplace-empty").waitFor();
  await page.getByRole("button", { name: "Sessions" }).click();
  await page.getByRole("region", { name: "Sessions" }).getByRole("button", { name: "(0)" }).click();
  const turns = page.locator(".commonplace-turn");
  await page.locator(".commonplace-turn", { hasText: "(9)" }).getByLabel("Ask again").waitFor();
  expect(await turns.count()).toBe(8);
  await page.getByRole("button", { name: "Show the 2 turns before" }).focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => turns.count()).toBe(10);
  expect(await turns.locator(".commonplace-question").allTextContents()).toEqual(Array.from({ length: 10 }, (_, turn) => `What is my zodiac sign? (${turn})`));
  expect(await page.getByRole("button", { name: /turns before/ }).count()).toBe(0);
  await page.close();
});
