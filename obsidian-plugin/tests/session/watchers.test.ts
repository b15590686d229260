/** An old session that is opened marks nothing; a turn that still runs in it does. */

import { expect, test } from "vitest";

import type { Update } from "../../src/protocol/messages";
import { Watchers } from "../../src/session/watchers";
import { Script } from "./updates";

function watched(): { watchers: Watchers; heard: Update[] } {
  const heard: Update[] = [];
  const watchers = new Watchers();
  watchers.add({ updated: (update) => heard.push(update), touched: () => undefined, undone: () => undefined });
  return { watchers, heard };
}

const before = new Script("s-1").read("user.md");
const latest = new Script("s-2").read("entities/dria.md");

test("of a session that has ended nothing is news", () => {
  const { watchers, heard } = watched();
  watchers.toldAgain([...before, ...latest]);
  watchers.told(false);
  expect(heard).toEqual([]);
});

test("of a session in which a turn runs, that turn is news, and what follows", () => {
  const { watchers, heard } = watched();
  watchers.toldAgain([...before, ...latest.slice(0, 2)]);
  watchers.toldAgain(latest.slice(2, 3));
  watchers.told(true);
  watchers.updated(latest.slice(3));
  expect(heard).toEqual(latest);
});
