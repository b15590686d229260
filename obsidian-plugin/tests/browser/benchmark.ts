/** What the sidebar and the page cost, in Chromium, as built, against the real daemon: `npm run benchmark`. */

import type { Browser, Page } from "playwright-core";

import { World, ask, openBrowser, openObsidian } from "./harness";
import { openPage } from "./page";

const RUNS = 5;
const OPENINGS = 20;
const CHUNKS = 10_000;
const EVENTS = 2_000;
const QUESTION = "What is my exact job title in my contract with my employer?";

interface Row {
  readonly what: string;
  readonly values: readonly number[];
  readonly bar: number;
}

async function loads(browser: Browser, world: World): Promise<number[]> {
  const values: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const page = await openObsidian(browser, world);
    values.push(await page.evaluate(() => window.loadMilliseconds));
    await page.close();
  }
  return values;
}

/** The longest task of the window while a reply streams in; 0 where none took 50 ms. */
async function longestTask(world: World, open: () => Promise<Page>): Promise<number> {
  const text = Array.from({ length: CHUNKS / 4 }, (_, line) => `Line ${line} of a long story about nothing.${line % 5 === 4 ? "\n" : ""}`).join("\n");
  await world.script({ outputs: [`<reply>${text}</reply>`], chunk: Math.ceil(text.length / CHUNKS) });
  const page = await open();
  await page.evaluate(() => {
    const tasks: number[] = [0];
    Object.assign(window, { tasks });
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: "longtask" });
  });
  await ask(page, "Tell me a long story");
  const longest = await page.evaluate(() => Math.max(...(window as unknown as { tasks: number[] }).tasks));
  await page.close();
  return longest;
}

/** From the choice of a session with so many updates until its last turn is shown. */
async function opens(browser: Browser, world: World): Promise<number[]> {
  await world.script(null);
  let updates = 0;
  const page = await openObsidian(browser, world, {}, (text) => {
    updates += text.split('"sessionUpdate"').length - 1;
  });
  let turns = 0;
  for (; updates < EVENTS; turns += 1) await ask(page, `${QUESTION} (${turns})`);
  const values: number[] = [];
  for (let run = 0; run < OPENINGS; run += 1) {
    await page.getByRole("button", { name: "New session" }).click();
    await page.locator(".commonplace-empty").waitFor();
    await page.getByRole("button", { name: "Sessions" }).click();
    const session = page.getByRole("region", { name: "Sessions" }).getByRole("button", { name: "exact job title" }).first();
    await session.waitFor();
    values.push(await session.evaluate(openAndWait, `${QUESTION} (${turns - 1})`));
  }
  await page.close();
  return values;
}

/** Runs in the page: clicks, and waits until a frame has shown the last turn with its end. */
function openAndWait(button: Element, question: string): Promise<number> {
  const began = performance.now();
  (button as HTMLElement).click();
  return new Promise((done) => {
    const look = (): void => {
      const last = [...document.querySelectorAll(".commonplace-turn")].at(-1);
      const shown = last?.querySelector(".commonplace-question")?.textContent === question && last.querySelector(".commonplace-foot-buttons") !== null;
      window.requestAnimationFrame(shown ? () => done(performance.now() - began) : look);
    };
    look();
  });
}

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}

function print({ what, values, bar }: Row): void {
  process.stdout.write(`| ${what} | ${quantile(values, 0.5).toFixed(1)} | ${quantile(values, 0.95).toFixed(1)} | ${bar} |\n`);
}

const [browser, world] = await Promise.all([openBrowser(), World.make()]);
try {
  await world.start();
  const places = { sidebar: () => openObsidian(browser, world), page: () => openPage(browser, world) };
  process.stdout.write("| what | p50 ms | p95 ms | bar ms |\n|---|---|---|---|\n");
  print({ what: "onload", values: await loads(browser, world), bar: 10 });
  for (const [name, open] of Object.entries(places)) {
    const values: number[] = [];
    for (let run = 0; run < RUNS; run += 1) values.push(await longestTask(world, open));
    print({ what: `${name}: longest task in a reply of ${CHUNKS} chunks (0: none of 50 ms)`, values, bar: 50 });
  }
  print({ what: `a session of ${EVENTS} updates opens`, values: await opens(browser, world), bar: 150 });
} finally {
  await browser.close();
  await world.end();
}
