// @vitest-environment jsdom

import { beforeEach, expect, test, vi } from "vitest";

import { Composer } from "../../src/chat/composer";
import { add } from "../../src/chat/dom";
import type { ChatHost } from "../../src/chat/host";
import { AT_FIRST } from "../../src/session/state";

const COMMANDS = [{ name: "start", description: "Seven questions, each can be skipped" }];
const host = { setIcon: () => undefined, notes: () => ["entities/dria.md", "skipping.md"] } as unknown as ChatHost;
const send = vi.fn();
let composer: Composer;

beforeEach(() => {
  vi.clearAllMocks();
  document.body.textContent = "";
  const actions = { send, stop: () => undefined, unqueue: () => undefined, sendNext: () => undefined };
  composer = new Composer(add(document.body, "div"), host, actions);
  composer.update({ ...AT_FIRST, session: { ...AT_FIRST.session, commands: COMMANDS } });
});

function type(text: string): void {
  composer.input.value = "";
  composer.put(text);
}

function enter(): void {
  composer.input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" }));
}

test("a command that is typed whole is sent by Enter, one that is begun is completed", () => {
  type("/start");
  enter();
  expect(send).toHaveBeenCalledExactlyOnceWith("/start");
  type("/st");
  enter();
  expect(composer.input.value).toBe("/start ");
  expect(send).toHaveBeenCalledOnce();
});

test("a command is found by its name, not by what is said of it", () => {
  type("/skip");
  enter();
  expect(send).toHaveBeenCalledExactlyOnceWith("/skip");
});

test("a note is found by any part of its path", () => {
  type("ask @ent dri");
  enter();
  expect(composer.input.value).toBe("ask [[entities/dria.md]] ");
  expect(send).not.toHaveBeenCalled();
});
