import { expect, test } from "vitest";

import { type Origin, placed, sentence, since } from "../src/memory/origin";

const ORIGIN: Origin = {
  path: "user.md", line: 2, text: "- job: baker", writer: "turn", session: "s", turn: "s-1",
  asked: "My job is\nbaker", time: Date.UTC(2026, 10, 12, 12) / 1000, written: "- job: baker", edited: false,
};
const NOW = new Date(Date.UTC(2026, 10, 25));

test("an origin is told by day and sentence; another year is named", () => {
  expect(sentence(ORIGIN, NOW)).toBe("You said on 12 Nov: “My job is baker”");
  expect(sentence(ORIGIN, new Date(Date.UTC(2028, 0, 2)))).toBe("You said on 12 Nov 2026: “My job is baker”");
});

test("what was purged, what a human wrote and what was there before are told apart", () => {
  expect(sentence({ ...ORIGIN, asked: "" }, NOW)).toBe("A turn wrote this on 12 Nov; what you said then is no longer kept.");
  expect(sentence({ ...ORIGIN, writer: "human", time: null }, NOW)).toContain("No turn wrote this line");
  expect(sentence({ ...ORIGIN, writer: "unknown", time: null }, NOW)).toContain("before what is remembered");
});

test("a line that was edited since says what it was", () => {
  expect(since(ORIGIN)).toBe("");
  expect(since({ ...ORIGIN, edited: true })).toBe("You edited this line since. It was: job: baker");
});

test("an origin stands at its line, or where the text went while the editor is ahead of the disk", () => {
  expect([...placed([ORIGIN], ["# Me", "- job: baker"]).keys()]).toEqual([2]);
  expect([...placed([ORIGIN], ["# Me", "new", "", "- job: baker"]).keys()]).toEqual([4]);
  expect([...placed([ORIGIN], ["# Me", "- job: cook"]).keys()]).toEqual([]);
  expect([...placed([{ ...ORIGIN, writer: "human" }], ["# Me", "- job: baker"]).keys()]).toEqual([]);
});
