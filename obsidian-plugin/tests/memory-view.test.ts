// @vitest-environment jsdom

import { beforeEach, expect, test, vi } from "vitest";

import { add } from "../src/chat/dom";
import type { ChatHost } from "../src/chat/host";
import { Memory } from "../src/memory/memory";
import { MemoryView } from "../src/memory/memory-view";
import type { Origin } from "../src/memory/origin";
import type { DaemonRequest } from "../src/session/request";

const openNote = vi.fn();
const host = { setIcon: () => undefined, openNote } as unknown as ChatHost;
let parent: HTMLElement;
let facts: readonly { readonly key: string; readonly value: string }[];
let view: MemoryView;

function origin(line: number, text: string): Origin {
  return { path: "user.md", line, text, writer: "turn", session: "s", turn: "s-1", asked: text, time: 1_700_000_000, written: text, edited: false };
}

beforeEach(async () => {
  vi.clearAllMocks();
  document.body.textContent = "";
  parent = add(document.body, "div");
  facts = [{ key: "job_title", value: "Baker" }, { key: "employer", value: "[[entities/dria.md]] since 2024" }];
  const request = (() => {
    const about = facts.map(({ key, value }, at) => ({ line: at + 2, key, value, origin: origin(at + 2, `- ${key}: ${value}`) }));
    const notes = [{ path: "user.md", title: "Me", time: 1, facts: about }, { path: "entities/dria.md", title: "Dria AI", time: 0, facts: [] }];
    return Promise.resolve({ notes, total: 2 });
  }) as DaemonRequest;
  const actions = { openChat: () => undefined, undo: () => Promise.resolve(), planToForget: () => Promise.resolve({ plan: "p", notes: [] } as never), forget: () => Promise.resolve() };
  view = new MemoryView(parent, host, new Memory("/notes", request), actions, { has: () => false, keep: () => undefined });
  await view.refresh();
});

function button(name: string): HTMLButtonElement {
  const found = [...parent.querySelectorAll("button")].find((one) => (one.getAttribute("aria-label") ?? one.textContent) === name);
  if (found === undefined) throw new Error(`There is no button ${name}.`);
  return found;
}

test("what one is asked about stays while notes change, and what came meanwhile is shown afterwards", async () => {
  button("Forget: job_title").click();
  await vi.waitFor(() => button("Forget it"));
  facts = [...facts, { key: "zodiac_sign", value: "Libra" }];
  await view.refresh();
  button("Keep it").click();
  await vi.waitFor(() => expect(parent.textContent).toContain("zodiac_sign: Libra"));
  expect(parent.querySelector('[role="dialog"]')).toBeNull();
});

test("the focus stays at its fact when the list is drawn anew", async () => {
  button("Edit: employer").focus();
  facts = [{ key: "zodiac_sign", value: "Libra" }, ...facts];
  await view.refresh();
  expect(document.activeElement).toBe(button("Edit: employer"));
  button("Keep: job_title").focus();
  button("Keep: job_title").click();
  expect(document.activeElement).toBe(button("Edit: job_title"));
});

test("a link in a fact is shown by its note's title, and leads there", () => {
  const link = [...parent.querySelectorAll("a")].find((one) => one.textContent === "Dria AI");
  link?.click();
  expect(openNote).toHaveBeenCalledExactlyOnceWith("entities/dria.md", expect.anything());
  expect(parent.textContent).toContain("employer: Dria AI since 2024");
});
