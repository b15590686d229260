/** Takes the pictures of docs/images: `npm run screenshots`. */

import { join } from "node:path";

import { PLUGIN, World, ask, openBrowser, openObsidian } from "./harness";
import { openPage } from "./page";

const IMAGES = join(PLUGIN, "../docs/images");

const browser = await openBrowser();
try {
  for (const dark of [false, true]) {
    const world = await World.make();
    await world.start();
    const page = await openObsidian(browser, world, { dark, width: 1180, height: 760 });
    await ask(page, "What is my exact job title in my contract with my employer?");
    await ask(page, 'My job title is "AI Researcher", can you add that please');
    await page.getByRole("button", { name: /^Written: user\.md/ }).click();
    await page.locator(".commonplace-trail > summary").first().click();
    await page.locator(".commonplace-changed-line").first().waitFor();
    await page.locator(".commonplace-origin-mark").click();
    await page.getByRole("dialog", { name: "Why this line is here" }).waitFor();
    await page.getByRole("log").evaluate((log) => log.scrollTo(0, log.scrollHeight));
    await page.screenshot({ path: join(IMAGES, dark ? "sidebar-dark.png" : "sidebar-light.png") });
    await page.evaluate(() => window.plugin.run("open-memory"));
    await page.locator(".commonplace-fact").first().waitFor();
    await page.screenshot({ path: join(IMAGES, dark ? "memory-dark.png" : "memory-light.png") });
    await page.close();

    await world.restore();
    const review = await openObsidian(browser, world, { dark, width: 1180, height: 760 });
    await review.getByLabel("Mode").selectOption("review");
    await review.getByLabel("Message").fill("I moved to Bergen");
    await review.getByLabel("Message").press("Enter");
    await review.getByRole("region", { name: "Waiting for you" }).waitFor();
    await review.screenshot({ path: join(IMAGES, dark ? "review-dark.png" : "review-light.png") });
    await review.close();

    await world.restore();
    const served = await openPage(browser, world, { dark, width: 820, height: 760 });
    await ask(served, "What is my exact job title in my contract with my employer?");
    await ask(served, 'My job title is "AI Researcher", can you add that please');
    await served.locator(".commonplace-trail > summary").first().click();
    await served.getByRole("log").evaluate((log) => log.scrollTo(0, log.scrollHeight));
    await served.screenshot({ path: join(IMAGES, dark ? "page-dark.png" : "page-light.png") });
    await served.close();
    await world.end();
  }
} finally {
  await browser.close();
}
