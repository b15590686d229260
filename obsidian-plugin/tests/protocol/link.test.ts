import { expect, test } from "vitest";

import { FIRST, type LinkEvent, type LinkState, type Welcome, delay, next } from "../../src/protocol/link";

const welcome: Welcome = { version: "0.1.0", model: "reader", modelHost: null };

function after(...events: LinkEvent["kind"][]): LinkState {
  return events.reduce<LinkState>((state, kind) => {
    const event = kind === "welcomed" ? { kind, welcome } : kind === "other-version" ? { kind, version: "9" } : { kind };
    return next(state, event);
  }, FIRST);
}

test("without a file there is no daemon", () => {
  expect(after("not-found").kind).toBe("absent");
});

test("a file whose daemon does not answer is no daemon either", () => {
  expect(after("lost").kind).toBe("absent");
});

test("a daemon that goes is away for a while, then absent", () => {
  expect(after("welcomed", "lost").kind).toBe("away");
  expect(after("welcomed", "lost", "try", "not-found").kind).toBe("away");
  const tries = Array.from({ length: 6 }, () => ["try", "not-found"] as const).flat();
  expect(after("welcomed", "lost", ...tries).kind).toBe("absent");
});

test("it is ready again when it is back", () => {
  expect(after("welcomed", "lost", "try", "not-found", "try", "welcomed")).toEqual({ kind: "ready", welcome });
});

test("another version is said, and looked at again", () => {
  expect(after("other-version").kind).toBe("incompatible");
  expect(after("other-version", "try", "welcomed").kind).toBe("ready");
});

test("the waits grow to a few seconds and no more", () => {
  const waits = Array.from({ length: 12 }, (_, attempt) => delay({ kind: "absent", attempt }));
  expect(waits[0]).toBe(200);
  expect(Math.max(...waits)).toBe(3_000);
  expect([...waits].sort((a, b) => a - b)).toEqual(waits);
});
