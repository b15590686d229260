/** The daemon's own conversations, as its tests keep them, folded by the sidebar's reducer. */

import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import type { Update, Updates } from "../../src/protocol/messages";
import { EMPTY } from "../../src/session/model";
import { reduce } from "../../src/session/reduce";
import { touchesOf } from "../../src/session/words";

interface Kept {
  readonly from: "client" | "daemon";
  readonly message: { readonly method?: string; readonly params?: unknown };
}

function updatesIn(name: string): Update[] {
  const kept = JSON.parse(readFileSync(new URL(`../../../tests/golden/${name}.json`, import.meta.url), "utf8")) as Kept[];
  return kept.flatMap(({ message: { method, params } }) => {
    if (method === "session/update") return [params as Update];
    return method === "_commonplace/updates" ? [...(params as Updates).updates] : [];
  });
}

function turnsIn(name: string) {
  return reduce({ ...EMPTY, id: "SESSION" }, { kind: "updated", updates: updatesIn(name), root: "VAULT" }).turns;
}

test("a turn is one turn with its steps, its notes and its reply", () => {
  const [turn, ...others] = turnsIn("turn");
  if (turn === undefined) throw new Error("There is no turn.");
  expect(others).toEqual([]);
  expect(turn).toMatchObject({ state: "ended", reply: "You are Robin." });
  expect(turn.steps.map((step) => [step.title, step.status])).toEqual([
    ["Read user.md", "done"],
    ["Changed entities/dria.md", "done"],
  ]);
  expect(touchesOf(turn)).toEqual([
    { path: "user.md", access: "read" },
    { path: "entities/dria.md", access: "write" },
  ]);
});

test("a session that is told in a batch is whole", () => {
  expect(turnsIn("batch")).toMatchObject([{ question: "Dria moved.", state: "ended", reply: "You are Robin.", steps: [{ status: "done" }] }]);
});

test("what was asked for leave is answered in the turn", () => {
  const [turn] = turnsIn("review");
  expect(turn).toMatchObject({ state: "ended", permissions: [] });
  expect(turn?.steps[0]?.changes.map((change) => change.path)).toEqual(["entities/dria.md"]);
});
