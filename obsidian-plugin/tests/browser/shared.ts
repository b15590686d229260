/** What the tests of a file share: a browser, a vault with the walkthrough's notes, and its daemon. */

import type { Browser } from "playwright-core";
import { afterAll, beforeAll } from "vitest";

import { World, openBrowser } from "./harness";

export interface Shared {
  browser: Browser;
  world: World;
}

/** Its fields are there while the file's tests run. */
export function shared(): Shared {
  const here = {} as Shared;
  beforeAll(async () => {
    [here.browser, here.world] = await Promise.all([openBrowser(), World.make()]);
    await here.world.start();
  });
  afterAll(async () => {
    await here.browser.close();
    await here.world.end();
  });
  return here;
}
